"""What a report becomes: JSON, and later a page, subtitles, tables."""

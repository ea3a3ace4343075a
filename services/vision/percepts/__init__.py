"""What several analyzers of this service share, computed once per part."""

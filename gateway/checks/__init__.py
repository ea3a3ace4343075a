"""Comparisons between modalities, one file for each kind; a check is one function and one entry in its file."""

"""One analyzer a file, named for it."""

"""Benchmarks: each compares two arms in one run, prints a table and writes a JSON; a time never passes or fails."""

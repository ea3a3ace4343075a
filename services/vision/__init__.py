"""The vision service: its analyzers, in the order of the report."""

"""The vlm service: its analyzers, in the order of the report."""

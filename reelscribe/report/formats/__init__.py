"""A report in the formats that other tools read: one file each, pure functions of the report."""

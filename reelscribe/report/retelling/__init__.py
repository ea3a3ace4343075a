"""A report as plain text, one line a second: what somebody would need to film the clip again."""

"""What music does: its pulse and its key."""

"""One file for each analyzer whose answers are compared with a truth, and with a standalone tool's answers."""

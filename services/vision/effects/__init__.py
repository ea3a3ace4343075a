"""Effects of editing: each file knows one kind, as a pure function of measured frames."""

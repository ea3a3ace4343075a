"""Whose voice is heard when: local voices, what they sound like, who is the same."""

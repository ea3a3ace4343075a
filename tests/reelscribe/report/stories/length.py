"""How long the made clip is."""

LENGTH_S = 12.0
"""Three shots of 4 s."""

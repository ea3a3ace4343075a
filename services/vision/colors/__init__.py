"""Colours as people name them, and palettes of frames."""

"""Decodes a video once, spreads references to it, gathers what the services find and merges one report."""

"""How a sound was recorded: levels, clipping, channels, noise."""

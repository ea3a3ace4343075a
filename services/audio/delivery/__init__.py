"""How something is said: rate, pauses, emphasis, fillers, effort, measured in what was heard and read."""

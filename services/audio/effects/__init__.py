"""Single sounds: what may be one, when it begins and ends."""

"""What every process shares: the analyzer interface, media, time, errors, the service loop, the bus, settings."""

"""The three services that own models, and what every process shares."""

"""Fetching weights: from a model hub, or from the packages that carry the same bytes."""

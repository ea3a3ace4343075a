"""The page people look at: one HTML file with everything in it."""

"""Where faces and their eyes turn: from the points of a mesh to angles, blinks and spans. Pure functions and state."""

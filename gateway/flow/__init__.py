"""How a video's pace, phases and moments are read from what was found in it."""

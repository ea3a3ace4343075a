"""Texts on screen: which frames are read, by whom, and which of the readings are one text to a viewer."""

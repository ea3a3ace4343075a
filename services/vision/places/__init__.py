"""Shots that show the same place and content."""

"""Outlines: Markdown files that list what is to be learnt, by chapter, and link to the notes on it."""

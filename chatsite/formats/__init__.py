"""Formats of dates and times where they differ from Django's for a language."""

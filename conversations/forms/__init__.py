"""Forms: one file for each page."""

"""English: formats.py."""

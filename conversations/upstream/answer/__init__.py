"""Deltas to the parts of an answer."""

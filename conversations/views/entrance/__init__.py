"""Signing in, setting up, and what is answered to anybody."""

"""Signing in, setting up, and the routes that are open to everybody."""

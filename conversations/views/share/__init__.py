"""Shared links, as their visitors open them."""

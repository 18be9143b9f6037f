"""The settings pages, of a user and of the team."""

"""One request to an upstream: its attempts, deadlines and end."""

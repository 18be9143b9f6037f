"""Building the request of a run: messages, files, token estimate."""

"""Request and response helpers that every view uses."""

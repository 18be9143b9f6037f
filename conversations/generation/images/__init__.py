"""Images of answers: stored, and made by a tool."""

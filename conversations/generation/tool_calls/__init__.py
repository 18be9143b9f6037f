"""Running the tool calls of an answer."""

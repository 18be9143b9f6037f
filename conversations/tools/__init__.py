"""Tools that a model may call: what they are, how calls are checked, and those built in."""

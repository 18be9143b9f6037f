"""Tools that a model may call: their interface, the checks of a call, and the built-in ones."""

"""The search index: written in the transaction of what it indexes, made anew by a command."""

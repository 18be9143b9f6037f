"""The search index: updated in the transaction of the text, rebuilt by a command."""

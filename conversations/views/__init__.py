"""The HTTP edge: form → access → one action → response."""

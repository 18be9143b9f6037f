"""Conversations: their pages, messages, files, lists and links."""

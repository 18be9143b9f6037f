"""Markdown to safe HTML and patches: one renderer for chats, shared pages, review and exports."""

from __future__ import annotations

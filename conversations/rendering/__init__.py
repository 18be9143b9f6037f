"""Markdown in, safe HTML and patches out: one renderer for chat, share, review and export."""

from __future__ import annotations

"""The Chat Completions wire, spoken over HTTP: pure Python, no Django, no database."""

from __future__ import annotations

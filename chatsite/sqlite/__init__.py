"""Django's SQLite, with the one thing it lacks to come back after its file was read-only."""

from __future__ import annotations

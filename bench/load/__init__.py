"""The server under load, compared with a bare relay that does the least of its work."""

from __future__ import annotations

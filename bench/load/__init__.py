"""The server under load, beside the plainest thing that could do a part of its work."""

from __future__ import annotations

"""What a file says: its kind by its bytes, its text, its picture. No Django here."""

from __future__ import annotations

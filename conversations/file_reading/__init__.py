"""Extraction of an uploaded file's kind, text or image from its bytes; no Django here."""

from __future__ import annotations

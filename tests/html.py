"""HTML for tests that look for markup in it."""

from __future__ import annotations

import re


def tight(html: str) -> str:
    """Return ``html`` with runs of white space as one space, and none at the edges of elements."""
    html = re.sub(r"\s+", " ", html)
    html = re.sub(r" (/?>)", r"\1", html)
    html = re.sub(r"(<[a-z][^>]*>) ", r"\1", html)
    return re.sub(r" (?=</)|(?<=>) (?=<)", "", html)

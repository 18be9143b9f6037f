"""The demo's prose, one Markdown file per language and topic."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def section(language: str, name: str) -> str:
    """Return one text of the demo. `language` is "en" or "zh"."""
    return (_FOLDER / language / f"{name}.md").read_text(encoding="utf-8").strip()

"""Tables: a wrapper that scrolls and takes focus, and columns of numbers marked as such."""

from __future__ import annotations

import re
from html import escape, unescape

_TABLE = re.compile(r"<table>(?:(?!<table>|</table>).)*</table>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r'<(t[hd])(?: align="(left|center|right)")?>(.*?)</t[hd]>', re.DOTALL)
_ANY_TAG = re.compile(r"<[^>]*>")
_NUMBER = re.compile(
    r"[≈~<>≤≥]?\s?[-+−±]?\s?[$€£¥]?\s?\d[\d,.\u00a0\u202f ]*\s?"
    r"(?:[%‰°×]|[KMBGTkx万亿元]|[kMG]i?B|ms|s|min|h|d|km|m|cm|mm|kg|g|°[CF]|pp)?"
)
_LABEL_CHARS = 80


def wrap_tables(html: str) -> str:
    """Wrap each table of a sanitized block: aligned by class, labelled by its own header cells."""
    return _TABLE.sub(_wrap, html) if "<table>" in html else html


def _wrap(match: re.Match[str]) -> str:
    table = match[0]
    rows = [_CELL.findall(row) for row in _ROW.findall(table)]
    if not rows:
        return table
    numeric = _numeric_columns(rows[1:])
    label = ", ".join(filter(None, (_text(cell[2]) for cell in rows[0])))[:_LABEL_CHARS]
    table = _ROW.sub(lambda row: _row(row[1], numeric), table)
    name = f' role="region" aria-label="{escape(label)}"' if label else ""
    return f'<div class="table-wrap" tabindex="0"{name}>{table}</div>'


def _numeric_columns(rows: list[list[tuple[str, str, str]]]) -> set[int]:
    """Return the columns in which each filled cell is a number (with sign, currency or unit)."""
    seen: dict[int, bool] = {}
    for row in rows:
        for index, (_tag, _align, content) in enumerate(row):
            if (text := _text(content)) and text not in {"-", "–", "—"}:
                seen[index] = seen.get(index, True) and _NUMBER.fullmatch(text) is not None
    return {index for index, is_number in seen.items() if is_number}


def _row(content: str, numeric: set[int]) -> str:
    cells = []
    for index, (tag, align, inner) in enumerate(_CELL.findall(content)):
        name = "n" if index in numeric else {"center": "mid", "right": "end"}.get(align, "")
        cells.append(
            f'<{tag} class="{name}">{inner}</{tag}>' if name else f"<{tag}>{inner}</{tag}>"
        )
    return f"<tr>{''.join(cells)}</tr>"


def _text(html: str) -> str:
    return unescape(_ANY_TAG.sub("", html)).strip()

"""Patches: the smallest op that turns one block's HTML into the next (docs/protocol.md)."""

from __future__ import annotations

Op = list[int | str]
"""`[block, keep, html]`, `[block, "t", text]` or `[blocks, -1]`."""


def utf16_length(text: str) -> int:
    """Return the length JavaScript sees: characters beyond the BMP count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def common_prefix(old: str, new: str) -> int:
    """Return how many characters two strings share at the start."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def patch(index: int, old: str, new: str) -> Op:
    """Return the op that turns block `index` from `old`, which the client has, into `new`."""
    keep = common_prefix(old, new)
    return [index, utf16_length(new[:keep]), new[keep:]]

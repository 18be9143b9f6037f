"""Patches: the smallest op that turns one block's HTML into the next (architecture § 5)."""

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
    """Return the op that makes block `index` `new` where the client has `old`."""
    keep = common_prefix(old, new)
    return [index, utf16_length(new[:keep]), new[keep:]]


def apply_ops(blocks: list[str], ops: list[Op]) -> None:
    """Apply ops to a list of block HTML, as the browser does. For mirrors and tests."""
    for op in ops:
        index, kind = int(op[0]), op[1]
        if kind == -1:
            del blocks[index:]
            continue
        while len(blocks) <= index:
            blocks.append("")
        addition = str(op[2])
        if kind == "t":
            blocks[index] = _insert_text(blocks[index], addition)
        else:
            kept = blocks[index].encode("utf-16-le")[: 2 * int(kind)].decode("utf-16-le")
            blocks[index] = kept + addition


def _insert_text(html: str, text: str) -> str:
    """Put text at the end of the block's last code element, as `appendData` does in the page."""
    at = html.rindex("</code>")
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return html[:at] + escaped + html[at:]

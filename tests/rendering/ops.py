"""The oracle of patches: ops applied to a list of blocks, as patches.js applies them in a page."""

from __future__ import annotations

from conversations.rendering.patches import Op


def apply_ops(blocks: list[str], ops: list[Op]) -> None:
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

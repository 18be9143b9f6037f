"""A text that is streamed, each state held against the same text rendered from the beginning."""

from __future__ import annotations

import json
from collections.abc import Iterable

from conversations.rendering.stream import StreamRenderer, render, render_blocks, wrap_blocks
from tests.rendering.ops import apply_ops


def check_growth(pieces: Iterable[str]) -> None:
    """Stream the pieces; fail where the renderer, a client and a new renderer differ."""
    renderer, client, text = StreamRenderer("m"), list[str](), ""
    for piece in pieces:
        text += piece
        apply_ops(client, json.loads(json.dumps(renderer.update(text))))
        fresh = StreamRenderer("m")
        fresh.update(text)
        assert fresh.blocks == renderer.blocks == tuple(client)
    apply_ops(client, renderer.finish(text))
    assert tuple(client) == renderer.blocks == render_blocks(text, "m")
    assert wrap_blocks(client) == render(text, "m")


def cut(text: str, sizes: Iterable[int]) -> list[str]:
    """Return the text in pieces of these sizes, over and over; of one size if there is none."""
    pieces, at = list[str](), 0
    sizes = list(sizes) or [1]
    while at < len(text):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(text[at : at + size])
        at += size
    return pieces

"""Rebuilding the search index, at an operator's command."""

from __future__ import annotations

from conversations.database import transactions
from conversations.indexing import rebuilding
from conversations.models import SearchPiece


def rebuild() -> int:
    """Rebuild the index; return its number of titles and message pieces.

    Meanwhile search finds only what is indexed again. Each step is a transaction of its own, so
    users go on writing, and new text is indexed as always.
    """
    with transactions.write():
        rebuilding.empty()
    for step in rebuilding.STEPS:
        last = None
        while True:
            with transactions.write():
                last = step(last, rebuilding.Tables())
            if last is None:
                break
    return SearchPiece.objects.count()

"""Making the search index anew, at an operator's command."""

from __future__ import annotations

from conversations.database import transactions
from conversations.indexing import rebuilding
from conversations.models import SearchPiece


def rebuild() -> int:
    """Make the index anew; how many titles and pieces of messages it has then.

    Search finds only what is back in it meanwhile. People go on writing: each step is a
    transaction of its own, and what they write is indexed as ever.
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

"""Index titles and messages. Call these inside the transaction that stores the text.

Rows that are deleted for good leave the index by a cascade. Rows that can be restored stay in
it, and `queries/search.py` leaves them out.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from conversations.models import Conversation, Message, SearchPiece
from conversations.search.words import pieces


def put_title(conversation: Conversation) -> None:
    """Index a conversation's title, replacing the last one."""
    columns = title_columns(conversation.owner_id, conversation.title)
    SearchPiece.objects.filter(conversation=conversation, message=None).delete()
    SearchPiece.objects.bulk_create(
        SearchPiece(conversation_id=conversation.pk, **piece) for piece in columns
    )


def put_new_message(message: Message) -> None:
    """Index a message that has never been indexed, which saves a deletion."""
    if not message.conversation.is_temporary:
        SearchPiece.objects.bulk_create(_pieces_of(message))


def put_message(message: Message) -> None:
    """Index a message, replacing its earlier text."""
    put_messages([message])


def put_messages(messages: Iterable[Message]) -> None:
    """Index messages whose conversations are loaded, in two queries; skip temporary ones."""
    rows = [row for row in messages if not row.conversation.is_temporary]
    SearchPiece.objects.filter(message__in=[row.pk for row in rows]).delete()
    SearchPiece.objects.bulk_create(piece for row in rows for piece in _pieces_of(row))


def _pieces_of(message: Message) -> Iterator[SearchPiece]:
    for piece in message_columns(message.conversation.owner_id, message.text):
        yield SearchPiece(conversation_id=message.conversation_id, message_id=message.pk, **piece)


def scope_of(owner_id: uuid.UUID, *, is_title: bool) -> str:
    """Return the first word of each piece, which limits a search to one user's titles or messages.

    It is a word of the index, so that a search costs the same however much others wrote.
    """
    return f"{'t' if is_title else 'm'}{owner_id.hex}"


def title_columns(owner_id: uuid.UUID, title: str) -> Iterator[dict[str, Any]]:
    """Yield the columns of a title's piece; nothing for one without words."""
    return _columns(scope_of(owner_id, is_title=True), title)


def message_columns(owner_id: uuid.UUID, text: str) -> Iterator[dict[str, Any]]:
    """Yield the columns of each piece of a message."""
    return _columns(scope_of(owner_id, is_title=False), text)


def _columns(scope: str, text: str) -> Iterator[dict[str, Any]]:
    for start, end, words in pieces(text):
        yield {"start": start, "end": end, "words": f"{scope} {words}"}

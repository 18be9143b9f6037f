"""Puts titles and messages into the index. Inside the transaction that stores them.

What is deleted for good leaves the index with its row. What may come back stays in it, and
queries/search.py does not find it meanwhile.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from conversations.models import Conversation, Message, SearchPiece
from conversations.search.words import pieces


def put_title(conversation: Conversation) -> None:
    """Index a conversation's title, in place of the one before."""
    columns = title_columns(conversation.owner_id, conversation.title)
    SearchPiece.objects.filter(conversation=conversation, message=None).delete()
    SearchPiece.objects.bulk_create(
        SearchPiece(conversation_id=conversation.pk, **piece) for piece in columns
    )


def put_new_message(message: Message) -> None:
    """Index what a message says that nobody has indexed before."""
    if not message.conversation.is_temporary:
        SearchPiece.objects.bulk_create(_pieces_of(message))


def put_message(message: Message) -> None:
    """Index what a message says, in place of what it said before."""
    put_messages([message])


def put_messages(messages: Iterable[Message]) -> None:
    """Index several, whose conversations are loaded; temporary ones are not. Two queries."""
    rows = [row for row in messages if not row.conversation.is_temporary]
    SearchPiece.objects.filter(message__in=[row.pk for row in rows]).delete()
    SearchPiece.objects.bulk_create(piece for row in rows for piece in _pieces_of(row))


def _pieces_of(message: Message) -> Iterator[SearchPiece]:
    for piece in message_columns(message.conversation.owner_id, message.text):
        yield SearchPiece(conversation_id=message.conversation_id, message_id=message.pk, **piece)


def scope_of(owner_id: uuid.UUID, *, is_title: bool) -> str:
    """The first word of each piece: a search looks through one person's titles or messages.

    As a word of the index, so that it costs the same however much others wrote.
    """
    return f"{'t' if is_title else 'm'}{owner_id.hex}"


def title_columns(owner_id: uuid.UUID, title: str) -> Iterator[dict[str, Any]]:
    """The columns of a title's piece; nothing for one without words."""
    return _columns(scope_of(owner_id, is_title=True), title)


def message_columns(owner_id: uuid.UUID, text: str) -> Iterator[dict[str, Any]]:
    """The columns of each piece of a message."""
    return _columns(scope_of(owner_id, is_title=False), text)


def _columns(scope: str, text: str) -> Iterator[dict[str, Any]]:
    for start, end, words in pieces(text):
        yield {"start": start, "end": end, "words": f"{scope} {words}"}

"""Conversations that are in the search index."""

from __future__ import annotations

from typing import Any

from conversations.indexing import writing
from conversations.models import Conversation, Message, User
from tests.branches import as_parts


def make_conversation(
    owner: User, *texts: str, title: str = "A conversation", **fields: Any
) -> Conversation:
    """Make a conversation of questions and answers in turns, and index it as the actions do."""
    conversation = Conversation.objects.create(owner=owner, title=title, **fields)
    writing.put_title(conversation)
    for number, text in enumerate(texts):
        add_message(conversation, text, role="assistant" if number % 2 else "user")
    return conversation


def add_message(
    conversation: Conversation, text: str, *, role: str = "user", **fields: Any
) -> Message:
    parent = conversation.messages.order_by("id").last()
    message = Message.objects.create(
        conversation=conversation, parent=parent, role=role, parts=as_parts(text), **fields
    )
    writing.put_message(message)
    return message

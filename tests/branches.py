"""Conversations of any length, stored in a few queries."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from conversations.models import Conversation, Generation, LanguageModel, Message, User


def conversation_of(
    owner: User, *, pairs: int = 1, title: str = "A talk", **fields: Any
) -> Conversation:
    """Make a conversation of ``pairs`` questions, each with its completed answer."""
    conversation = Conversation.objects.create(owner=owner, title=title, **fields)
    model = LanguageModel.objects.get(name="gpt-5.4")
    messages: list[Message] = []
    # Ten minutes ago, because messages of this minute count towards the rate limit.
    said_at = timezone.now() - datetime.timedelta(minutes=10)
    for number in range(pairs):
        for role, text in (("user", f"Question {number}"), ("assistant", f"Answer **{number}**")):
            parent = messages[-1] if messages else None
            messages.append(
                Message(
                    conversation=conversation,
                    parent=parent,
                    role=role,
                    parts=as_parts(text),
                    created=said_at,
                )
            )
    Message.objects.bulk_create(messages)
    Generation.objects.bulk_create(
        Generation(
            message=message, model=model, model_name=model.name, status="completed", created=said_at
        )
        for message in messages
        if message.role == "assistant"
    )
    conversation.leaf = messages[-1] if messages else None
    conversation.save()
    return conversation


def as_parts(text: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": text}]


def last_run(conversation: Conversation) -> Generation:
    """Return the run of the newest answer."""
    assert conversation.leaf is not None
    run = conversation.leaf.generation
    assert run is not None
    return run

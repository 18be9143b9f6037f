"""Shared links: a snapshot of a branch, its revocation, a copy of it, and the audience."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from conversations.actions import attachments, audit
from conversations.database import transactions
from conversations.generation.live import notify
from conversations.indexing import writing as search_index
from conversations.models import (
    Conversation,
    Generation,
    LanguageModel,
    Message,
    SharedMessage,
    ShareLink,
    SharingPolicy,
    User,
)
from conversations.queries.messages import with_runs
from conversations.queries.paths import branch_ids
from conversations.refusals import Refusal
from conversations.upstream.answer import parts

# Messages are loaded in batches of this size; the snapshot is written in one transaction.
PAGE = 200


class SharingOffError(Refusal):
    """An administrator has turned sharing off."""

    status = 403
    code = "sharing_off"


class NothingToShareError(Refusal):
    """The branch has no finished text yet."""

    code = "nothing"


class TemporaryError(Refusal):
    """A temporary conversation cannot be shared, because a copy would outlive it."""

    code = "temporary"


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a link; an empty password is none."""

    expires_at: datetime | None = None
    password: str = ""
    with_reasoning: bool = False


def share(conversation: Conversation, *, until: Message, user: User, terms: Terms) -> ShareLink:
    """Snapshot the branch that ends with ``until``, and create a link to it.

    A running answer is left out. Raises SharingOffError, TemporaryError,
    NothingToShareError.
    """
    if conversation.is_temporary:
        raise TemporaryError
    if SharingPolicy.in_force() == SharingPolicy.Audience.OFF:
        raise SharingOffError
    link = ShareLink(
        conversation=conversation,
        sharer=user,
        title=conversation.title,
        expires_at=terms.expires_at,
        # Hashing is slow on purpose, so it happens outside the lock.
        password=make_password(terms.password) if terms.password else "",
    )
    pairs = list(_snapshot(link, until.pk, with_reasoning=terms.with_reasoning))
    if not pairs:
        raise NothingToShareError
    changes = {
        "expires_at": terms.expires_at and terms.expires_at.isoformat(),
        "has_password": bool(terms.password),
    }
    with transactions.write():
        link.save(force_insert=True)
        SharedMessage.objects.bulk_create(frozen for _, frozen in pairs)
        attachments.copy(pairs, owner=user)
        kind = audit.Kind.CONVERSATION_SHARED
        audit.record(kind, actor=user, about=conversation, changes=changes)
    return link


def revoke(link: ShareLink, *, user: User) -> None:
    """Revoke a link and delete its snapshot."""
    with transactions.write():
        audit.record(audit.Kind.SHARE_REVOKED, actor=user, about=link.conversation)
        link.delete()


def change_audience(audience: SharingPolicy.Audience, *, actor: User) -> None:
    """Set the audience of all links, existing ones included."""
    with transactions.write():
        SharingPolicy.objects.create(audience=audience, set_by=actor)
        changes = {"audience": audience.value}
        audit.record(audit.Kind.SHARING_CHANGED, actor=actor, changes=changes)


def keep_copy(link: ShareLink, *, user: User) -> Conversation:
    """Create a conversation of the user's own from the snapshot."""
    shared = list(link.messages.order_by("position").prefetch_related("attachments"))
    names = {row.model_name for row in shared if row.model_name}
    models = {model.name: model for model in LanguageModel.objects.filter(name__in=names)}
    copy = Conversation(owner=user, title=link.title)
    messages = _copied(copy, shared)
    runs = [
        _run(message, row, models.get(row.model_name))
        for message, row in zip(messages, shared, strict=True)
        if row.role == Message.Role.ASSISTANT
    ]
    with transactions.write():
        copy.save(force_insert=True)
        Message.objects.bulk_create(messages)
        Generation.objects.bulk_create(runs)
        attachments.copy(zip(shared, messages, strict=True), owner=user)
        copy.leaf = messages[-1] if messages else None
        copy.model = runs[-1].model if runs else None
        copy.save(update_fields=["leaf", "model"])
        search_index.put_title(copy)
        search_index.put_messages(messages)
        transaction.on_commit(partial(notify.conversation, copy.pk))
    return copy


def _snapshot(
    link: ShareLink, end: uuid.UUID, *, with_reasoning: bool
) -> Iterator[tuple[Message, SharedMessage]]:
    """Yield each message with its frozen parts."""
    kinds = ("text", "reasoning") if with_reasoning else ("text",)
    ids, position = branch_ids(end), 0
    for start in range(0, len(ids), PAGE):
        for message in with_runs(ids[start : start + PAGE]):
            run = message.generation
            says_something = message.text or message.attachments.all()
            if says_something and not (run and run.is_active):
                yield message, _frozen(link, message, position, kinds)
                position += 1


def _frozen(
    link: ShareLink, message: Message, position: int, kinds: tuple[str, ...]
) -> SharedMessage:
    run = message.generation
    return SharedMessage(
        link=link,
        position=position,
        role=message.role,
        speaker=message.model_label or str(link.sharer),
        model_name=run.model_name if run else message.model_name,
        parts=_spoken(message, kinds),
        html=message.html,
        html_version=message.html_version,
        is_whole=run is None or run.is_whole,
        created=message.created,
    )


def _spoken(message: Message, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return text and images only: tool calls and results may hold more than their owner knows."""
    entries = ((part["type"], part.get("text", "")) for part in message.parts)
    said = parts.spoken(entries)
    words = [{"type": kind, "text": text} for kind, text in said if kind in kinds]
    return [*words, *(part for part in message.parts if part["type"] == "image")]


def _copied(copy: Conversation, shared: list[SharedMessage]) -> list[Message]:
    """Return the messages as one branch."""
    messages: list[Message] = []
    for row in shared:
        said: dict[str, Any] = {name: getattr(row, name) for name in _SAID}
        parent = messages[-1] if messages else None
        messages.append(Message(conversation=copy, parent=parent, **said))
    return messages


_SAID = ("role", "parts", "html", "html_version", "created")


def _run(message: Message, row: SharedMessage, model: LanguageModel | None) -> Generation:
    """Return a placeholder run of a copied answer: it names the model and used no tokens."""
    status = Generation.Status.COMPLETED if row.is_whole else Generation.Status.INTERRUPTED
    return Generation(
        message=message,
        status=status,
        model=model,
        model_name=row.model_name,
        # The placeholder is dated back, so that the rate limit does not count it.
        created=row.created,
    )

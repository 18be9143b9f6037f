"""Sharing a snapshot of a branch, revoking its link, going on with a copy, who may open links."""

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

# Messages that are read at a time; the whole snapshot is written in one transaction.
PAGE = 200


class SharingOffError(Refusal):
    """An administrator has turned sharing off."""

    status = 403
    code = "sharing_off"


class NothingToShareError(Refusal):
    """The branch holds no finished words yet."""

    code = "nothing"


class TemporaryError(Refusal):
    """The conversation is not to outlive its page, and neither is a copy of it."""

    code = "temporary"


@dataclass(frozen=True, slots=True)
class Terms:
    """What its person decides about a link; an empty password is none."""

    expires_at: datetime | None = None
    password: str = ""
    with_reasoning: bool = False


def share(conversation: Conversation, *, until: Message, user: User, terms: Terms) -> ShareLink:
    """Freeze the branch that ends with ``until`` and make a link to it.

    An answer that is still being written is left out. Raises SharingOffError, TemporaryError,
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
        # It takes its time: not inside the lock.
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
    """End a link for good, and remove its snapshot."""
    with transactions.write():
        audit.record(audit.Kind.SHARE_REVOKED, actor=user, about=link.conversation)
        link.delete()


def change_audience(audience: SharingPolicy.Audience, *, actor: User) -> None:
    """Decide who can open links, those that are there too."""
    with transactions.write():
        SharingPolicy.objects.create(audience=audience, set_by=actor)
        changes = {"audience": audience.value}
        audit.record(audit.Kind.SHARING_CHANGED, actor=actor, changes=changes)


def keep_copy(link: ShareLink, *, user: User) -> Conversation:
    """Begin a conversation of the person's own with what the snapshot holds."""
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
    """Each message with what is frozen of it."""
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
    """The words and pictures: what tools were asked and said may hold more than one knows."""
    entries = ((part["type"], part.get("text", "")) for part in message.parts)
    said = parts.spoken(entries)
    words = [{"type": kind, "text": text} for kind, text in said if kind in kinds]
    return [*words, *(part for part in message.parts if part["type"] == "image")]


def _copied(copy: Conversation, shared: list[SharedMessage]) -> list[Message]:
    """The turns as one line of messages, each following the one before."""
    messages: list[Message] = []
    for row in shared:
        said: dict[str, Any] = {name: getattr(row, name) for name in _SAID}
        parent = messages[-1] if messages else None
        messages.append(Message(conversation=copy, parent=parent, **said))
    return messages


_SAID = ("role", "parts", "html", "html_version", "created")


def _run(message: Message, row: SharedMessage, model: LanguageModel | None) -> Generation:
    """What stands for the run that made an answer, somewhere else: it took nothing here."""
    status = Generation.Status.COMPLETED if row.is_whole else Generation.Status.INTERRUPTED
    return Generation(
        message=message,
        status=status,
        model=model,
        model_name=row.model_name,
        # Not in this minute: it does not count as asked by the person.
        created=row.created,
    )

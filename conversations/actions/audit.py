"""The audit log, written inside the transaction of the action that it records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from conversations.database import transactions
from conversations.models import AuditEntry, Connection, Conversation, LanguageModel, User

Kind = AuditEntry.Kind
# Files that are opened this long after their conversation count as the same opening.
RECENT = timedelta(hours=1)


def record(
    kind: Kind,
    *,
    actor: User | None,
    person: User | None = None,
    about: Conversation | Connection | LanguageModel | str | None = None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry; ``actor`` is None for the server itself, at an operator's command.

    ``about`` is a row, or the name of several. ``changes`` maps columns to their new values, and
    never holds a key. Raises TransactionManagementError outside a transaction, because the log
    could then record something that did not happen.
    """
    _require_transaction()
    entry = _entry(kind, actor=actor, person=person)
    entry.object_id = None if about is None or isinstance(about, str) else about.pk
    entry.object_name = _name(about)
    entry.changes = dict(changes or {})
    entry.save()


def record_people(
    kind: Kind, people: Iterable[User], *, actor: User, changes: Mapping[str, Any] | None = None
) -> None:
    """Add an entry for each user. Raises TransactionManagementError as record does."""
    _require_transaction()
    entries = [_entry(kind, actor=actor, person=person) for person in people]
    for entry in entries:
        entry.changes = dict(changes or {})
    AuditEntry.objects.bulk_create(entries)


def record_opening(conversation: Conversation, *, actor: User) -> None:
    """Record that a conversation was opened by somebody other than its owner."""
    if conversation.owner_id == actor.pk:
        return
    with transactions.write():
        record(Kind.CONVERSATION_OPENED, actor=actor, person=conversation.owner, about=conversation)


def record_opening_of_file(conversation: Conversation, *, actor: User) -> None:
    """Record an opening unless a recent entry covers it: a page of many images counts as one."""
    since = timezone.now() - RECENT
    entries = AuditEntry.objects.filter(
        kind=Kind.CONVERSATION_OPENED,
        actor_id=actor.pk,
        object_id=conversation.pk,
        created__gte=since,
    )
    if not entries.exists():
        record_opening(conversation, actor=actor)


def _entry(kind: Kind, *, actor: User | None, person: User | None) -> AuditEntry:
    return AuditEntry(
        kind=kind,
        actor_id=actor.pk if actor else None,
        actor_name=_name(actor),
        person_id=person.pk if person else None,
        person_name=_name(person),
    )


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        message = "An audit entry belongs to the transaction of its action."
        raise transaction.TransactionManagementError(message)


def _name(thing: object) -> str:
    return "" if thing is None else str(thing)[: AuditEntry.NAME_LENGTH]

"""Presets and prompt snippets, a user's own and the team's."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeVar

from django.db import transaction

from conversations.actions import audit, names
from conversations.actions.audit import Kind
from conversations.database import transactions
from conversations.generation.live import notify
from conversations.models import Conversation, Preset, Snippet, User
from conversations.models.parameters import ParameterSet

T = TypeVar("T", Preset, Snippet)
KINDS = {
    Preset: (Kind.PRESET_ADDED, Kind.PRESET_CHANGED, Kind.PRESET_REMOVED),
    Snippet: (Kind.SNIPPET_ADDED, Kind.SNIPPET_CHANGED, Kind.SNIPPET_REMOVED),
}


def create(kind: type[T], *, owner: User | None, actor: User, values: dict[str, Any]) -> T:
    """Add a preset or snippet; without ``owner`` it is the team's and is recorded in the audit log.

    Raises names.NameTakenError.
    """
    with names.write():
        row = kind.objects.create(owner=owner, **values)
        _tell(row, KINDS[kind][0], actor)
    return row


def change(row: Preset | Snippet, *, actor: User, values: dict[str, Any]) -> None:
    """Change a row, from the next answer on. Raises names.NameTakenError."""
    for name, value in values.items():
        setattr(row, name, value)
    with names.write():
        row.save(update_fields=values)
        _tell(row, KINDS[type(row)][1], actor)


def remove(row: Preset | Snippet, *, actor: User) -> None:
    """Delete a row. Conversations with the preset keep the values it set for them."""
    with transactions.write():
        if isinstance(row, Preset):
            _leave_behind(row)
        _tell(row, KINDS[type(row)][2], actor)
        row.delete()


def use(conversation: Conversation, preset: Preset | None) -> None:
    """Set a conversation's preset, and its model if that may be used; None removes the preset."""
    conversation.preset = preset
    columns = ["preset"]
    if preset is not None and preset.model is not None and preset.model.is_usable:
        conversation.model, conversation.connection = preset.model, None
        columns += ["model", "connection"]
    with transactions.write():
        conversation.save(update_fields=columns)
        transaction.on_commit(partial(notify.conversation, conversation.pk))


def _leave_behind(preset: Preset) -> None:
    users = Conversation.objects.filter(preset=preset)
    for name in ParameterSet.NAMES:
        value = getattr(preset, name)
        unset = "" if name in ParameterSet.TEXTS else None
        if value != unset:
            users.filter(**{name: unset}).update(**{name: value})


def _tell(row: Preset | Snippet, kind: Kind, actor: User) -> None:
    if row.is_team:
        audit.record(kind, actor=actor, about=row.name)

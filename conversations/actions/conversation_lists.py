"""Changes to several conversations at once, or to all of a user's."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from django.db import models, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.actions.generations import stop_all
from conversations.database import transactions
from conversations.generation.live import notify
from conversations.models import Conversation, Folder, User
from conversations.models.conversations import RETENTION
from conversations.upkeep import trash

# Up to this many are announced one by one; beyond, the pages reload their list.
TOLD_SINGLY = 20


class Change(models.TextChoices):
    """A change to one conversation or many."""

    PIN = "pin", _("Pin")
    UNPIN = "unpin", _("Unpin")
    ARCHIVE = "archive", _("Archive")
    UNARCHIVE = "unarchive", _("Unarchive")
    MOVE = "move", _("Move to folder")
    READ = "read", _("Mark as read")
    UNREAD = "unread", _("Mark as unread")
    DELETE = "delete", _("Delete")
    RESTORE = "restore", _("Restore")
    ERASE = "erase", _("Delete for good")


# The change that undoes another, where one button can.
UNDOING: Mapping[Change, Change] = {
    Change.ARCHIVE: Change.UNARCHIVE,
    Change.UNARCHIVE: Change.ARCHIVE,
    Change.DELETE: Change.RESTORE,
}


def change(
    owner: User, conversations: Collection[Conversation], what: Change, *, folder: Folder | None
) -> None:
    """Apply a change to all of them or to none. ``folder`` is the target of MOVE."""
    ids = [row.pk for row in conversations]
    rows = Conversation.objects.filter(owner=owner, pk__in=ids, is_temporary=False)
    with transactions.write():
        _change(rows, what, folder)
        _tell(owner, ids)


def archive_all(owner: User) -> int:
    """Archive all of a user's listed conversations; return their number."""
    with transactions.write():
        rows = Conversation.objects.listed().filter(owner=owner)
        count = rows.update(archived_at=timezone.now())
        transaction.on_commit(partial(notify.conversations, owner.pk))
    return count


def delete_all(owner: User) -> int:
    """Delete all of a user's conversations and stop all answers; return their number."""
    with transactions.write():
        rows = Conversation.objects.visible().filter(owner=owner, is_temporary=False)
        count = _delete(rows)
        transaction.on_commit(partial(notify.conversations, owner.pk))
    return count


def empty_trash(owner: User) -> int:
    """Erase a user's deleted conversations; return their number."""
    with transactions.write():
        return _erase(Conversation.objects.recoverable().filter(owner=owner))


def _change(rows: QuerySet[Conversation], what: Change, folder: Folder | None) -> None:
    now = timezone.now()
    columns: Mapping[Change, dict[str, Any]] = {
        Change.PIN: {"pinned_at": now},
        Change.UNPIN: {"pinned_at": None},
        Change.ARCHIVE: {"archived_at": now},
        Change.UNARCHIVE: {"archived_at": None},
        Change.MOVE: {"folder": folder},
        Change.READ: {"read_at": now},
        Change.UNREAD: {"read_at": None},
        Change.RESTORE: {"deleted_at": None},
    }
    if what in columns:
        rows.update(**columns[what])
    else:
        _REMOVALS[what](rows)


def _delete(rows: QuerySet[Conversation]) -> int:
    stop_all(rows)
    return rows.filter(deleted_at=None).update(deleted_at=timezone.now())


def _erase(rows: QuerySet[Conversation]) -> int:
    """Expire the rows, so that they cannot be restored; upkeep erases them in the background."""
    count = rows.filter(deleted_at__isnull=False).update(deleted_at=F("deleted_at") - RETENTION)
    transaction.on_commit(trash.empty_soon)
    return count


_REMOVALS: Mapping[Change, Callable[[QuerySet[Conversation]], int]] = {
    Change.DELETE: _delete,
    Change.ERASE: _erase,
}


def _tell(owner: User, ids: Collection[uuid.UUID]) -> None:
    if len(ids) > TOLD_SINGLY:
        transaction.on_commit(partial(notify.conversations, owner.pk))
        return
    for conversation_id in ids:
        transaction.on_commit(partial(notify.conversation, conversation_id))

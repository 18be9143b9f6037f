"""Folders: create, rename, order, nest once, delete."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from conversations.database import transactions
from conversations.generation.live import notify
from conversations.models import Conversation, Folder, User
from conversations.refusals import Refusal

# Moving loads all folders, so their number is limited.
MOST = 500


class TooManyFoldersError(Refusal):
    """The user has as many folders as allowed."""

    code = "too_many"


class NestingError(Refusal):
    """The folder would be nested in itself, or more than once."""

    code = "nesting"


def create(owner: User, name: str, *, parent: Folder | None = None) -> Folder:
    """Create a folder, last among its siblings. Raises TooManyFoldersError, NestingError."""
    with transactions.write():
        folders = _locked(owner)
        if len(folders) >= MOST:
            raise TooManyFoldersError
        if parent is not None and parent.parent_id is not None:
            raise NestingError
        last = [folder.position for folder in folders if folder.parent_id == _id(parent)]
        folder = Folder.objects.create(
            owner=owner, name=name, parent=parent, position=max(last, default=-1) + 1
        )
        _tell(owner)
    return folder


def rename(folder: Folder, name: str) -> None:
    """Rename a folder."""
    with transactions.write():
        Folder.objects.filter(pk=folder.pk).update(name=name)
        _tell(folder.owner)


def set_prompt(folder: Folder, prompt: str) -> None:
    """Set the system prompt of the conversations in a folder; empty for none."""
    with transactions.write():
        Folder.objects.filter(pk=folder.pk).update(system_prompt=prompt)


def place(folder: Folder, *, parent: Folder | None, before: Folder | None = None) -> None:
    """Move a folder into another or to the top, before ``before`` or last. Raises NestingError."""
    with transactions.write():
        folders = _locked(folder.owner)
        _check_nesting(folder, parent, folders)
        near = [row for row in folders if row.parent_id == _id(parent) and row.pk != folder.pk]
        index = next((n for n, row in enumerate(near) if row.pk == _id(before)), len(near))
        near.insert(index, folder)
        folder.parent = parent
        for position, row in enumerate(near):
            row.position = position
        Folder.objects.bulk_update(near, ["position", "parent"])
        _tell(folder.owner)


def shift(folder: Folder, *, by: int) -> None:
    """Move a folder down, or up, among its siblings; at the end it stays."""
    with transactions.write():
        near = [row for row in _locked(folder.owner) if row.parent_id == folder.parent_id]
        index = near.index(folder)
        near.insert(max(0, index + by), near.pop(index))
        for position, row in enumerate(near):
            row.position = position
        Folder.objects.bulk_update(near, ["position"])
        _tell(folder.owner)


def delete(folder: Folder) -> None:
    """Delete a folder; its contents move to its parent."""
    with transactions.write():
        siblings = [row for row in _locked(folder.owner) if row.parent_id == folder.parent_id]
        last = max((row.position for row in siblings), default=0)
        for number, child in enumerate(folder.children.all(), start=1):
            child.parent, child.position = folder.parent, last + number
            child.save(update_fields=["parent", "position"])
        Conversation.objects.filter(folder=folder).update(folder=folder.parent)
        folder.delete()
        _tell(folder.owner)
        transaction.on_commit(partial(notify.conversations, folder.owner_id))


def _locked(owner: User) -> list[Folder]:
    """Lock all of a user's folders in order, so that two changes cannot interleave."""
    return list(Folder.objects.select_for_update().filter(owner=owner))


def _check_nesting(folder: Folder, parent: Folder | None, folders: list[Folder]) -> None:
    if parent is None:
        return
    has_children = any(row.parent_id == folder.pk for row in folders)
    if parent.pk == folder.pk or parent.parent_id is not None or has_children:
        raise NestingError


def _id(folder: Folder | None) -> object:
    return None if folder is None else folder.pk


def _tell(owner: User) -> None:
    transaction.on_commit(partial(notify.folders, owner.pk))

"""The versions of a turn: show another, delete one, restore it."""

from __future__ import annotations

from django.utils import timezone

from conversations.actions import tree
from conversations.actions.generations import stop_deleted
from conversations.database import transactions
from conversations.models import Conversation, Message
from conversations.queries import branches


def show(message: Message) -> Conversation:
    """Show the branch through a message, down to its last shown leaf. Runs on other branches go on.

    Raises access.NotFound, tree.DeletedError.
    """
    with transactions.write():
        conversation = tree.lock(message.conversation)
        message = tree.reread(conversation, message)
        end = _end_below(message)
        if end.pk != conversation.leaf_id:
            tree.show(conversation, end)
    return conversation


def delete(message: Message) -> Conversation:
    """Hide a message with all its descendants, and stop their runs.

    ``restore`` undoes it. The version shown before is shown next, else the parent. A message that
    is deleted already stays as it is. Raises access.NotFound.
    """
    with transactions.write():
        conversation = tree.lock(message.conversation)
        gone = Message.objects.visible().filter(id__in=branches.with_all_below(message.pk))
        if gone.update(deleted_at=timezone.now()):
            stop_deleted(conversation)
            tree.show(conversation, _what_is_left(conversation, message))
    return conversation


def restore(message: Message) -> Conversation:
    """Restore what one deletion hid, and show it.

    Below a message that was deleted later it stays hidden until that is restored. Raises
    access.NotFound.
    """
    with transactions.write():
        conversation = tree.lock(message.conversation)
        message = Message.objects.select_related("parent").get(pk=message.pk)
        parent = message.parent
        taken = Message.objects.filter(
            id__in=branches.with_all_below(message.pk), deleted_at=message.deleted_at
        )
        if message.deleted_at is None:
            return conversation
        taken.update(deleted_at=parent.deleted_at if parent else None)
        if parent is None or parent.deleted_at is None:
            tree.show(conversation, _end_below(message))
    return conversation


def _what_is_left(conversation: Conversation, deleted: Message) -> Message | None:
    """Return the leaf to show after a deletion: the shown one if it still exists."""
    if conversation.leaf is not None and conversation.leaf.deleted_at is None:
        return conversation.leaf
    version = branches.last_shown(conversation, deleted.parent_id)
    return _end_below(version) if version else deleted.parent


def _end_below(message: Message) -> Message:
    return Message.objects.select_related("parent").get(pk=branches.last_shown_leaf(message.pk))

"""The message tree of a conversation for actions that change it: its lock and its shown branch."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.utils import timezone

from conversations import access
from conversations.database.compiled_queries import CompiledQuery
from conversations.generation.live import notify
from conversations.models import Conversation, Generation, Message
from conversations.queries import branches
from conversations.refusals import Refusal


class BusyError(Refusal):
    """The message to be answered or followed has a running answer."""

    code = "busy"


class DeletedError(Refusal):
    """The message was deleted meanwhile, in another tab."""

    code = "deleted"


_locked = CompiledQuery[Conversation](
    lambda pk: Conversation.objects.visible().select_for_update().filter(pk=pk)
)
_message_in = CompiledQuery[Message](
    lambda pk, conversation_id: Message.objects.only("deleted_at").filter(
        pk=pk, conversation=conversation_id
    )
)
_active_runs = CompiledQuery[Generation](
    lambda message_id: Generation.objects.only("id").filter(
        message=message_id, status__in=Generation.ACTIVE
    )
)


def lock(conversation: Conversation) -> Conversation:
    """Lock and return the current row, which may have changed while this action waited.

    Raises access.NotFound.
    """
    current = _locked.first(conversation.pk)
    if current is None:
        raise access.NotFound
    return current


def reread(conversation: Conversation, message: Message) -> Message:
    """Return the current message, under the lock. Raises DeletedError."""
    current = Message.objects.visible().filter(pk=message.pk).select_related("parent").first()
    if current is None:
        raise DeletedError
    current.conversation = conversation
    if current.parent is not None:
        current.parent.conversation = conversation
    return current


def check_followed(conversation: Conversation, message_id: uuid.UUID) -> None:
    """Check that a message may follow another of the conversation. Under the lock.

    Raises access.NotFound, DeletedError, BusyError.
    """
    message = _message_in.first(message_id, conversation.pk)
    if message is None:
        raise access.NotFound
    if message.deleted_at is not None:
        raise DeletedError
    if _active_runs(message_id):
        raise BusyError


def show(conversation: Conversation, leaf: Message | None, *, also: Sequence[str] = ()) -> None:
    """Show the branch that ends with ``leaf``, and notify every tab.

    Also called when only other branches have changed. Under the lock. ``also`` names columns of
    the conversation to save.
    """
    if leaf is not None and not _continues(conversation, leaf):
        branches.overtaken(leaf.pk).update(shown_at=timezone.now())
    conversation.leaf = leaf
    conversation.revision += 1
    conversation.save(update_fields=["leaf", "revision", *also])
    transaction.on_commit(
        partial(
            notify.branch,
            conversation.pk,
            leaf_id=leaf.pk if leaf else None,
            revision=conversation.revision,
        )
    )


def _continues(conversation: Conversation, leaf: Message) -> bool:
    """Whether ``leaf`` extends the shown branch; then ``shown_at`` needs no update."""
    if conversation.leaf_id is None or leaf.parent is None:
        return False
    return conversation.leaf_id in {leaf.parent_id, leaf.parent.parent_id}

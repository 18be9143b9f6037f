"""Access control: every lookup of a row by a user and an id.

A row that belongs to somebody else and a row that does not exist both raise NotFound.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from conversations.database.compiled_queries import CompiledQuery
from conversations.models import (
    Attachment,
    Connection,
    Conversation,
    Folder,
    Generation,
    HttpTool,
    Message,
    Preset,
    ShareLink,
    SharingPolicy,
    Snippet,
    User,
)
from conversations.models.identifiers import parse_id

OwnedRow = TypeVar("OwnedRow", Connection, HttpTool, Preset, Snippet)


class NotFound(Http404):
    """The row does not exist or belongs to somebody else."""


class SignInRequired(Exception):  # noqa: N818 - a condition, not a fault
    """Shared links are for the team; raised before it is known whether this one exists."""


def require_id(text: str) -> uuid.UUID:
    """Return the id that a request names. Raises NotFound if that is no id."""
    if (found := parse_id(text)) is None:
        raise NotFound
    return found


# The other related rows are loaded where they are needed, because joining them took longer.
_visible_conversation = CompiledQuery[Conversation](
    lambda conversation_id, owner_id: (
        Conversation.objects.select_related("model")
        .visible()
        .filter(pk=conversation_id, owner=owner_id)
    )
)
_active_user = CompiledQuery[User](lambda user_id: User.objects.filter(pk=user_id, is_active=True))


def conversation_for(
    user: User, conversation_id: uuid.UUID, *, include_deleted: bool = False
) -> Conversation:
    """Return the user's conversation. Raises NotFound."""
    if include_deleted:
        rows = Conversation.objects.select_related("model").not_expired()
        conversation = rows.filter(pk=conversation_id, owner=user).first()
    else:
        conversation = _visible_conversation.first(conversation_id, user.pk)
    if conversation is None or not user.is_active:
        raise NotFound
    conversation.owner = user
    return conversation


def conversations_for(user: User, ids: Collection[uuid.UUID]) -> list[Conversation]:
    """Return those of the conversations that are the user's, deleted ones included.

    Erased ones are left out. Raises NotFound if none remains.
    """
    rows = list(
        Conversation.objects.not_expired().filter(owner=user, pk__in=ids, is_temporary=False)
    )
    if not rows or not user.is_active:
        raise NotFound
    return rows


def folder_for(user: User, folder_id: uuid.UUID) -> Folder:
    """Return the user's folder. Raises NotFound."""
    folder = Folder.objects.select_related("parent").filter(pk=folder_id, owner=user).first()
    if folder is None or not user.is_active:
        raise NotFound
    return folder


def conversation_to_review(user: User, conversation_id: uuid.UUID) -> Conversation:
    """Return any user's conversation, deleted ones included, to an administrator.

    The caller must first record it with `record_opening` (`actions/audit.py`). Raises NotFound.
    """
    rows = Conversation.objects.select_related("model", "connection", "owner")
    conversation = rows.filter(pk=conversation_id).first()
    if conversation is None or not (user.is_active and user.is_administrator):
        raise NotFound
    return conversation


def message_for(
    user: User,
    conversation: Conversation,
    message_id: uuid.UUID,
    *,
    include_deleted: bool = False,
) -> Message:
    """Return a message of the conversation. Raises NotFound."""
    rows = Message.objects.all() if include_deleted else Message.objects.visible()
    message = rows.filter(
        pk=message_id, conversation=conversation, conversation__owner=user
    ).first()
    if message is None:
        raise NotFound
    message.conversation = conversation
    return message


def attachment_for(user: User, attachment_id: uuid.UUID) -> Attachment:
    """Return the user's file. Raises NotFound."""
    row = Attachment.objects.select_related("message").filter(pk=attachment_id, owner=user).first()
    if row is None or not user.is_active:
        raise NotFound
    return row


def attachment_to_show(user: User, attachment_id: uuid.UUID) -> Attachment:
    """Return the user's file, or to an administrator any file that was sent. Raises NotFound.

    The caller must first record the opening of another user's file in the audit log.
    """
    rows = Attachment.objects.select_related("message__conversation__owner")
    row = rows.filter(pk=attachment_id).first()
    if row is None or not user.is_active:
        raise NotFound
    conversation = row.message.conversation if row.message else None
    if row.owner_id == user.pk:
        # Files of a deleted conversation can be opened again once it is restored.
        if conversation is not None and conversation.deleted_at is not None:
            raise NotFound
        return row
    if conversation is None or not user.is_administrator:
        raise NotFound
    return row


def shared_file_for(link: ShareLink, attachment_id: uuid.UUID) -> Attachment:
    """Return a file of the link's snapshot. Raises NotFound."""
    row = Attachment.objects.filter(pk=attachment_id, shared_message__link=link).first()
    if row is None:
        raise NotFound
    return row


def generation_for(user: User, generation_id: uuid.UUID) -> Generation:
    """Return a run in one of the user's conversations. Raises NotFound."""
    generation = (
        Generation.objects.select_related("message__conversation")
        .filter(
            pk=generation_id,
            message__conversation__owner=user,
            message__conversation__deleted_at=None,
        )
        .first()
    )
    if generation is None or not user.is_active:
        raise NotFound
    return generation


def owned_row(kind: type[OwnedRow], user: User, row_id: uuid.UUID) -> OwnedRow:
    """Return a connection, tool, preset or snippet that the user may change. Raises NotFound.

    Users may change their own rows, administrators the team's as well.
    """
    row = kind.objects.filter(pk=row_id).first()
    if row is None or not user.is_active:
        raise NotFound
    if row.owner_id != user.pk and not (row.is_team and user.is_administrator):
        raise NotFound
    return row


def usable_row(rows: QuerySet[OwnedRow], row_id: uuid.UUID) -> OwnedRow:
    """Return the one of ``rows`` with this id. Raises NotFound."""
    row = rows.filter(pk=row_id).first()
    if row is None:
        raise NotFound
    return row


def share_link_for(user: User | None, token: str) -> ShareLink:
    """Return the link with this token if it opens for the user (None: nobody is signed in).

    A link does not open if it has expired, or if its conversation is deleted or its owner disabled.
    Raises NotFound or SignInRequired.
    """
    audience = SharingPolicy.in_force()
    if audience == SharingPolicy.Audience.OFF:
        raise NotFound
    if audience == SharingPolicy.Audience.TEAM and user is None:
        raise SignInRequired
    rows = ShareLink.objects.filter(conversation__deleted_at=None, sharer__is_active=True)
    link = rows.select_related("sharer").filter(token=token).first()
    if link is None or link.is_expired:
        raise NotFound
    return link


def own_share_link(user: User, link_id: uuid.UUID) -> ShareLink:
    """Return a link that the user made, even if it has expired. Raises NotFound."""
    link = ShareLink.objects.select_related("conversation").filter(pk=link_id, sharer=user).first()
    if link is None or not user.is_active:
        raise NotFound
    return link


@dataclass(frozen=True, slots=True)
class Identity:
    """The user of a session."""

    user_id: uuid.UUID
    session_key: str


def identify(session_key: str) -> Identity | None:
    """Return the user of a session; None if it has ended or the user is disabled."""
    user_id = _users_of({session_key}).get(session_key)
    return Identity(user_id, session_key) if user_id else None


def valid_sessions(session_keys: Collection[str]) -> set[str]:
    """Return those of the sessions that are still valid, in two queries."""
    return set(_users_of(session_keys))


def active_user(user_id: uuid.UUID) -> User:
    """Load a user again. Raises NotFound if the user is gone or disabled."""
    user = _active_user.first(user_id)
    if user is None:
        raise NotFound
    return user


def _users_of(session_keys: Collection[str]) -> dict[str, uuid.UUID]:
    """Map sessions to their users: unexpired, of active users, with the current password."""
    rows = Session.objects.filter(session_key__in=session_keys, expire_date__gt=timezone.now())
    sessions = {row.session_key: row.get_decoded() for row in rows}
    ids = {data[SESSION_KEY] for data in sessions.values() if SESSION_KEY in data}
    users = {str(user.pk): user for user in User.objects.filter(pk__in=ids, is_active=True)}
    return {
        key: users[data[SESSION_KEY]].pk
        for key, data in sessions.items()
        if data.get(SESSION_KEY) in users
        and constant_time_compare(
            data.get(HASH_SESSION_KEY, ""), users[data[SESSION_KEY]].get_session_auth_hash()
        )
    }

"""The only way from (person, id) to a row. Not yours and not there are the same answer."""

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
    """There is no such row, or it is somebody else's: nobody can tell which."""


class SignInRequired(Exception):  # noqa: N818 - a condition, not a fault
    """Links let in who is signed in; whether this one exists is not said before."""


def require_id(text: str) -> uuid.UUID:
    """Return the id that a request names. Raises NotFound if that is no id."""
    if (found := parse_id(text)) is None:
        raise NotFound
    return found


# The other rows that it names are read where they are needed: joining them took longer.
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
    """The person's own conversation. Raises NotFound."""
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
    """Those of the named conversations that are the person's own, deleted ones too.

    What has been erased meanwhile is left out. Raises NotFound when none remains.
    """
    rows = list(
        Conversation.objects.not_expired().filter(owner=user, pk__in=ids, is_temporary=False)
    )
    if not rows or not user.is_active:
        raise NotFound
    return rows


def folder_for(user: User, folder_id: uuid.UUID) -> Folder:
    """The person's own folder. Raises NotFound."""
    folder = Folder.objects.select_related("parent").filter(pk=folder_id, owner=user).first()
    if folder is None or not user.is_active:
        raise NotFound
    return folder


def conversation_to_review(user: User, conversation_id: uuid.UUID) -> Conversation:
    """Anybody's conversation, deleted ones too, for an administrator. Raises NotFound.

    Who shows it tells the audit log first: actions/audit.py, record_opening.
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
    """A message of that conversation. Raises NotFound."""
    rows = Message.objects.all() if include_deleted else Message.objects.visible()
    message = rows.filter(
        pk=message_id, conversation=conversation, conversation__owner=user
    ).first()
    if message is None:
        raise NotFound
    message.conversation = conversation
    return message


def attachment_for(user: User, attachment_id: uuid.UUID) -> Attachment:
    """A file of the person's own. Raises NotFound."""
    row = Attachment.objects.select_related("message").filter(pk=attachment_id, owner=user).first()
    if row is None or not user.is_active:
        raise NotFound
    return row


def attachment_to_show(user: User, attachment_id: uuid.UUID) -> Attachment:
    """A file of the person's own, or for an administrator anybody's that was sent. Raises NotFound.

    Who shows somebody else's tells the audit log first.
    """
    rows = Attachment.objects.select_related("message__conversation__owner")
    row = rows.filter(pk=attachment_id).first()
    if row is None or not user.is_active:
        raise NotFound
    conversation = row.message.conversation if row.message else None
    if row.owner_id == user.pk:
        # What went with a deleted conversation comes back with it.
        if conversation is not None and conversation.deleted_at is not None:
            raise NotFound
        return row
    if conversation is None or not user.is_administrator:
        raise NotFound
    return row


def shared_file_for(link: ShareLink, attachment_id: uuid.UUID) -> Attachment:
    """A file of the snapshot that the link leads to. Raises NotFound."""
    row = Attachment.objects.filter(pk=attachment_id, shared_message__link=link).first()
    if row is None:
        raise NotFound
    return row


def generation_for(user: User, generation_id: uuid.UUID) -> Generation:
    """A run of one of the person's answers. Raises NotFound."""
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
    """The link with this token, where it opens for this person (None: nobody is signed in).

    An expired one, one of a deleted conversation or of a disabled person opens for nobody.
    Raises NotFound, SignInRequired.
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
    """A link that this person made, whether it opens or not. Raises NotFound."""
    link = ShareLink.objects.select_related("conversation").filter(pk=link_id, sharer=user).first()
    if link is None or not user.is_active:
        raise NotFound
    return link


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a session belongs to."""

    user_id: uuid.UUID
    session_key: str


def identify(session_key: str) -> Identity | None:
    """The person who is signed in with a session; None when it is over or they are disabled."""
    user_id = _users_of({session_key}).get(session_key)
    return Identity(user_id, session_key) if user_id else None


def valid_sessions(session_keys: Collection[str]) -> set[str]:
    """Those of the sessions that still stand. Two queries for any number."""
    return set(_users_of(session_keys))


def active_user(user_id: uuid.UUID) -> User:
    """The person, as they are now. Raises NotFound when gone or disabled."""
    user = _active_user.first(user_id)
    if user is None:
        raise NotFound
    return user


def _users_of(session_keys: Collection[str]) -> dict[str, uuid.UUID]:
    """Sessions that have not expired, of active people, made with their present password."""
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

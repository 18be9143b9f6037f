"""Sending a message and asking for an answer again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from conversations import access
from conversations.actions import attachments
from conversations.actions.limits import Room, take_place
from conversations.actions.titles import title_from
from conversations.generation import announce, db, registry, temporary
from conversations.indexing import writing as search_index
from conversations.models import (
    Connection,
    Conversation,
    Folder,
    Generation,
    LanguageModel,
    Message,
    Preset,
    User,
)
from conversations.models.parameters import ParameterSet
from conversations.queries.connections import choose_connection


class IdTakenError(Exception):
    """A message with this id exists and is not this one. Whose it is, is not said."""


class BusyError(Exception):
    """The message to be answered, or to be followed, is being answered right now."""


class NoConnectionError(Exception):
    """No connection that this person may use serves the model, or the model is not offered."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """What is set beside a message; None and "" set nothing.

    ``is_once``: for the answers to that message alone, not for the conversation from then on.
    """

    system_prompt: str = ""
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stream: bool | None = None
    is_once: bool = False

    @property
    def own(self) -> dict[str, Any]:
        """What the message itself keeps of them."""
        values = {name: getattr(self, name) for name in ParameterSet.NAMES} if self.is_once else {}
        return {name: value for name, value in values.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as its writer sends it. ``id`` comes from the browser (architecture § 4.3)."""

    id: uuid.UUID
    text: str
    model: LanguageModel
    connection: Connection | None = None
    parameters: Parameters = Parameters()
    # What a conversation that begins with this message has.
    preset: Preset | None = None
    # Where a conversation that begins with this message stands.
    folder: Folder | None = None
    # Ids of files that wait to be sent (actions/attachments.py).
    attachments: tuple[uuid.UUID, ...] = ()
    # Begins a conversation that is erased with its page; one that exists stays what it is.
    is_temporary: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A stored message and the answer that is on its way."""

    message: Message
    answer: Message
    generation: Generation
    room: Room | None = None


def send_message(
    *,
    user: User,
    conversation: Conversation | None,
    parent: Message | None,
    draft: Draft,
    session_key: str,
) -> Sent:
    """Store a message and start its answer; without a conversation, begin one.

    The same message again returns what the first sending made and starts nothing.
    Raises IdTakenError, BusyError, NoConnectionError, LimitReachedError, and what
    ``attachments.attach`` raises.
    """
    with db.write():
        if repeated := _find_repeated(user, conversation, draft):
            return repeated
        conversation = _current(conversation) if conversation else None
        if parent is not None and parent.generation is not None and parent.generation.is_active:
            raise BusyError
        connection = _connection_for(user, draft.model, draft.connection)
        room = take_place(user)
        conversation = conversation or _begin(user, draft)
        message = _insert(conversation, parent, draft)
        attachments.attach(message, draft.attachments, user=user, model=draft.model)
        search_index.put_message(message)
        _apply(conversation, draft)
        return _answer(message, connection, _Asking(user, draft.model, session_key, room))


def regenerate(
    *,
    user: User,
    message: Message,
    model: LanguageModel,
    session_key: str,
) -> Sent:
    """Ask for another version of an answer: a new sibling, which becomes the shown one.

    Raises BusyError, NoConnectionError, LimitReachedError.
    """
    with db.write():
        message.conversation = _current(message.conversation)
        if message.role != Message.Role.ASSISTANT or message.parent is None:
            raise access.NotFound
        message.parent.conversation = message.conversation
        if _has_active(message.parent):
            raise BusyError
        connection = _connection_for(user, model, message.conversation.connection)
        room = take_place(user)
        return _answer(message.parent, connection, _Asking(user, model, session_key, room))


def continue_answer(*, user: User, message: Message, session_key: str) -> Sent:
    """Go on with an answer that was cut off: another run, which appends to the same message.

    Raises BusyError, also for an answer that needs no continuing, NoConnectionError,
    LimitReachedError.
    """
    with db.write():
        message.conversation = _current(message.conversation)
        last = message.generation
        if message.parent is None or last is None or not last.can_continue or not message.text:
            raise BusyError
        if last.model is None:
            raise NoConnectionError
        connection = _connection_for(user, last.model, last.connection)
        asking = _Asking(user, last.model, session_key, take_place(user))
        message.parent.conversation = message.conversation
        return _run(message.parent, message, connection, asking)


def _current(conversation: Conversation) -> Conversation:
    """The row as it is now: it may have been renamed or deleted while this send waited its turn.

    Raises access.NotFound.
    """
    rows = Conversation.objects.visible().select_for_update(of=("self",))
    current = rows.select_related("connection").filter(pk=conversation.pk).first()
    if current is None:
        raise access.NotFound
    return current


def _find_repeated(user: User, conversation: Conversation | None, draft: Draft) -> Sent | None:
    message = Message.objects.filter(pk=draft.id).select_related("conversation").first()
    if message is None:
        return None
    is_same = (
        message.conversation.owner_id == user.pk
        and (conversation is None or message.conversation_id == conversation.pk)
        and (conversation is not None or message.parent_id is None)
        and message.role == Message.Role.USER
        and message.text == draft.text
    )
    answer = message.children.order_by("id").first() if is_same else None
    if answer is None or answer.generation is None:
        raise IdTakenError
    return Sent(message, answer, answer.generation)


def _has_active(message: Message) -> bool:
    return Generation.objects.filter(message__parent=message, status__in=Generation.ACTIVE).exists()


def _connection_for(user: User, model: LanguageModel, wanted: Connection | None) -> Connection:
    connection = choose_connection(user, model, wanted)
    if connection is None:
        raise NoConnectionError
    return connection


def _begin(user: User, draft: Draft) -> Conversation:
    if draft.is_temporary:
        # Its words stand in no list, and an audit entry keeps only this title.
        conversation = Conversation.objects.create(
            owner=user,
            title=gettext("Temporary chat"),
            preset=draft.preset,
            is_temporary=True,
        )
        transaction.on_commit(partial(temporary.shown, conversation.pk))
        return conversation
    title = title_from(draft.text) or attachments.names(user, draft.attachments)
    conversation = Conversation.objects.create(
        owner=user, title=title, preset=draft.preset, folder=draft.folder
    )
    search_index.put_title(conversation)
    return conversation


def _insert(conversation: Conversation, parent: Message | None, draft: Draft) -> Message:
    try:
        with transaction.atomic():
            return Message.objects.create(
                id=draft.id,
                conversation=conversation,
                parent=parent,
                role=Message.Role.USER,
                parts=[{"type": "text", "text": draft.text}],
                parameters=draft.parameters.own,
            )
    except IntegrityError as error:
        # Two processes at once: the other one's row came first.
        raise IdTakenError from error


# What goes along with a message and holds from then on.
CHOSEN = ("model", "connection", *ParameterSet.NAMES)


def _apply(conversation: Conversation, draft: Draft) -> None:
    """What was chosen beside the message holds for the conversation from now on."""
    conversation.model, conversation.connection = draft.model, draft.connection
    if not draft.parameters.is_once:
        for name in ParameterSet.NAMES:
            setattr(conversation, name, getattr(draft.parameters, name))


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who asks which model, from which session, and what that leaves of their limits."""

    user: User
    model: LanguageModel
    session_key: str
    room: Room


def _answer(message: Message, connection: Connection, asking: _Asking) -> Sent:
    """Make an empty answer, and run it."""
    answer = Message.objects.create(
        conversation=message.conversation, parent=message, role=Message.Role.ASSISTANT
    )
    return _run(message, answer, connection, asking)


def _run(message: Message, answer: Message, connection: Connection, asking: _Asking) -> Sent:
    """Queue a run of ``answer``, and start it once that is committed."""
    conversation = message.conversation
    generation = Generation.objects.create(
        message=answer,
        model=asking.model,
        model_name=asking.model.name,
        connection=connection,
        connection_name=connection.name,
    )
    conversation.leaf = answer
    conversation.active_at = conversation.read_at = timezone.now()
    conversation.save(update_fields=["leaf", "active_at", "read_at", *CHOSEN])
    transaction.on_commit(
        partial(
            registry.start,
            generation.pk,
            user_id=asking.user.pk,
            session_key=asking.session_key,
        )
    )
    transaction.on_commit(partial(announce.branch, conversation.pk, answer.pk))
    transaction.on_commit(partial(announce.conversation, conversation.pk))
    return Sent(message, answer, generation, asking.room)

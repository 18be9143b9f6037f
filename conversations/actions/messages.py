"""Store what a user writes: a message, a version of one, or an answer in the user's own words."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from conversations.actions import attachments, tree
from conversations.actions.runs import Sent, request_run, start_answer
from conversations.actions.titles import title_from
from conversations.actions.tree import BusyError
from conversations.database import transactions
from conversations.database.compiled_queries import CompiledQuery
from conversations.indexing import writing as search_index
from conversations.models import (
    Connection,
    Conversation,
    Folder,
    LanguageModel,
    Message,
    Preset,
    User,
)
from conversations.models.parameters import ParameterSet
from conversations.refusals import Refusal
from conversations.upkeep import temporary


class IdTakenError(Refusal):
    """A message with this id exists and is not this one. Whose it is, is not said."""

    code = "id_taken"


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters that are set beside a message; None and "" set nothing.

    ``is_once``: for the answers to that message alone, not for the conversation from then on.
    """

    system_prompt: str = ""
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    stream: bool | None = None
    tools: bool | None = None
    tool_choice: str = ""
    is_once: bool = False

    @property
    def own(self) -> dict[str, Any]:
        """The parameters that are stored with the message itself."""
        values = {name: getattr(self, name) for name in ParameterSet.NAMES} if self.is_once else {}
        return {name: value for name, value in values.items() if value not in (None, "")}


@dataclass(frozen=True, slots=True)
class ToolSwitches:
    """The tools of a conversation: whether any are on, and the modes that differ from the user's.

    ``are_on`` is None where the user's or the team's default says the same.
    """

    are_on: bool | None
    modes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it is sent. Its ``id`` comes from the browser, so that a repeat is found."""

    id: uuid.UUID
    text: str
    model: LanguageModel
    connection: Connection | None = None
    parameters: Parameters = Parameters()
    # None leaves the tools of the conversation as they are.
    tools: ToolSwitches | None = None
    # The preset and the folder of a conversation that begins with this message.
    preset: Preset | None = None
    folder: Folder | None = None
    # Ids of uploaded files that wait to be sent (actions/attachments.py).
    attachments: tuple[uuid.UUID, ...] = ()
    # A conversation that begins so is erased with its page; one that exists stays as it is.
    is_temporary: bool = False


@dataclass(frozen=True, slots=True)
class Revision:
    """Another text for a message. ``id`` is the new version's and comes from the browser."""

    id: uuid.UUID
    text: str


def send_message(
    *,
    user: User,
    conversation: Conversation | None,
    parent_id: uuid.UUID | None,
    draft: Draft,
    session_key: str,
) -> Sent:
    """Store a message and start its answer; without a conversation, begin one.

    It follows the message ``parent_id``, or else the end of the shown branch. A repeat of the same
    message returns what the first one made and starts nothing.
    Raises access.NotFound, tree.DeletedError, IdTakenError, BusyError, NoConnectionError,
    LimitReachedError, and what ``attachments.attach`` raises.
    """
    with transactions.write():
        found = _find(draft.id)
        if found is not None:
            return _repeated(found, user, conversation, draft.text)
        if conversation is not None:
            conversation = tree.lock(conversation)
            parent_id = _following(conversation, parent_id or conversation.leaf_id)
        wanted_run = request_run(user, draft.model, draft.connection, session_key)
        conversation = conversation or _begin(user, draft)
        message = _insert(conversation, parent_id, Message.Role.USER, draft, draft.parameters.own)
        attachments.attach(message, draft.attachments, user=user, model=draft.model)
        return start_answer(message, wanted_run, chosen=_choose(conversation, draft))


def revise_question(
    *,
    user: User,
    message: Message,
    revision: Revision,
    model: LanguageModel | None,
    session_key: str,
) -> Sent:
    """Store another version of a user message, and start its answer.

    Also beside one that was deleted meanwhile, so that the text is not lost. Runs in the branch
    that is left go on. Raises as ``send_message`` does.
    """
    with transactions.write():
        found = _find(revision.id)
        if found is not None:
            return _repeated(found, user, message.conversation, revision.text)
        conversation = tree.lock(message.conversation)
        parent_id = _following(conversation, message.parent_id)
        wanted_run = request_run(user, model, conversation.connection, session_key)
        version = _insert(conversation, parent_id, Message.Role.USER, revision, message.parameters)
        attachments.copy([(message, version)], owner=user)
        return start_answer(version, wanted_run)


def revise_answer(*, message: Message, revision: Revision) -> Message:
    """Store the user's own text as a version of an answer, and show it.

    A repeat of the revision, or the same text, changes nothing. Raises access.NotFound,
    tree.DeletedError, IdTakenError, BusyError.
    """
    with transactions.write():
        conversation = tree.lock(message.conversation)
        found = _find(revision.id)
        if found is not None:
            return _same_answer(found, message, revision.text)
        last = message.generation
        if last is not None and last.is_active:
            raise BusyError
        if revision.text == message.text and message.deleted_at is None:
            return message
        parent = tree.reread(conversation, message.parent) if message.parent else None
        parent_id = parent.pk if parent else None
        version = _insert(conversation, parent_id, Message.Role.ASSISTANT, revision, {})
        version.model = last.model if last else message.model
        version.model_name = last.model_name if last else message.model_name
        version.edited_at = timezone.now()
        version.parts += _images_of(message)
        version.save(update_fields=["model", "model_name", "edited_at", "parts"])
        attachments.copy([(message, version)], owner=conversation.owner)
        tree.show(conversation, version)
        return version


def _images_of(message: Message) -> list[dict[str, Any]]:
    """Return the image parts, which are copied unchanged to the edited version."""
    return [part for part in message.parts if part["type"] == "image"]


_with_conversation = CompiledQuery[Message](
    lambda pk: Message.objects.select_related("conversation").filter(pk=pk)
)


def _find(message_id: uuid.UUID) -> Message | None:
    return _with_conversation.first(message_id)


def _repeated(message: Message, user: User, conversation: Conversation | None, text: str) -> Sent:
    is_same = (
        message.conversation.owner_id == user.pk
        and (conversation is None or message.conversation_id == conversation.pk)
        and (conversation is not None or message.parent_id is None)
        and message.deleted_at is None
        and message.role == Message.Role.USER
        and message.text == text
    )
    first = message.children.order_by("id").first() if is_same else None
    if first is None or first.generation is None:
        raise IdTakenError
    return Sent(message, first, first.generation)


def _same_answer(found: Message, message: Message, text: str) -> Message:
    is_same = (
        found.conversation_id == message.conversation_id
        and found.parent_id == message.parent_id
        and found.edited_at is not None
        and found.text == text
    )
    if not is_same:
        raise IdTakenError
    return found


def _following(conversation: Conversation, parent_id: uuid.UUID | None) -> uuid.UUID | None:
    """Return the id of the message that a new one follows, checked; None for the first one."""
    if parent_id is not None:
        tree.check_followed(conversation, parent_id)
    return parent_id


def _begin(user: User, draft: Draft) -> Conversation:
    if draft.is_temporary:
        # Its text is in no list, and an audit entry stores only this title.
        conversation = Conversation.objects.create(
            owner=user,
            title=gettext("Temporary chat"),
            preset=draft.preset,
            is_temporary=True,
        )
        transaction.on_commit(partial(temporary.page_opened, conversation.pk))
        return conversation
    title = title_from(draft.text) or attachments.names(user, draft.attachments)
    conversation = Conversation.objects.create(
        owner=user, title=title, preset=draft.preset, folder=draft.folder
    )
    search_index.put_title(conversation)
    return conversation


def _insert(
    conversation: Conversation,
    parent_id: uuid.UUID | None,
    role: str,
    written: Draft | Revision,
    parameters: dict[str, Any],
) -> Message:
    try:
        message = Message.objects.create(
            id=written.id,
            conversation=conversation,
            parent_id=parent_id,
            role=role,
            parts=[{"type": "text", "text": written.text}],
            parameters=parameters,
        )
    except IntegrityError as error:
        # Another process stored its row first, so that nothing of this action is stored.
        raise IdTakenError from error
    search_index.put_new_message(message)
    return message


def _choose(conversation: Conversation, draft: Draft) -> Sequence[str]:
    """Set what was chosen beside the message on its conversation; return the columns."""
    conversation.model, conversation.connection = draft.model, draft.connection
    if not draft.parameters.is_once:
        for name in ParameterSet.NAMES:
            setattr(conversation, name, getattr(draft.parameters, name))
    if draft.tools is not None:
        conversation.tools, conversation.tool_modes = draft.tools.are_on, draft.tools.modes
    return CHOSEN


# The columns of a conversation that a message sets.
CHOSEN = ("model", "connection", "tool_modes", *ParameterSet.NAMES)

"""Request answers: a run is stored with the message it fills, and starts after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone

from conversations import access
from conversations.actions import language_models, tree
from conversations.actions.limits import Quota, reserve_slot
from conversations.actions.tree import BusyError
from conversations.database import transactions
from conversations.generation import registry
from conversations.generation.live import notify
from conversations.generation.records import leases
from conversations.models import Connection, Generation, LanguageModel, Message, User
from conversations.models.messages import NO_IMAGES_FOR
from conversations.queries.connections import choose_connection
from conversations.refusals import Refusal
from conversations.upstream.errors import ErrorKind

IMAGES = "images"


class NoConnectionError(Refusal):
    """No connection that this person may use serves the model, or the model is not offered."""

    code = "no_connection"


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A run that may be stored: user, model, connection, session, and the quota with it counted."""

    user: User
    model: LanguageModel
    connection: Connection
    session_key: str
    quota: Quota


@dataclass(frozen=True, slots=True)
class Sent:
    """A stored message, its empty answer, and the run that fills it."""

    message: Message
    answer: Message
    generation: Generation
    quota: Quota | None = None


def request_run(
    user: User, model: LanguageModel | None, wanted: Connection | None, session_key: str
) -> RunRequest:
    """Choose a connection and count the run towards the limits. Inside a transaction.

    Raises NoConnectionError, LimitReachedError, DrainingError.
    """
    connection = choose_connection(user, model, wanted) if model else None
    if model is None or connection is None:
        raise NoConnectionError
    return RunRequest(user, model, connection, session_key, reserve_slot(user))


def regenerate(
    *,
    user: User,
    message: Message,
    model: LanguageModel | None,
    session_key: str,
    connection: Connection | None = None,
    without: str = "",
) -> Sent:
    """Request another version of an answer, or the first one of a question that has none.

    ``without``: a parameter that is no longer sent with this question, whatever level sets it, or
    ``IMAGES``, which the model of ``message`` has refused.

    Raises access.NotFound, tree.DeletedError, BusyError, NoConnectionError, LimitReachedError.
    """
    with transactions.write():
        conversation = tree.lock(message.conversation)
        message = tree.reread(conversation, message)
        question = message if message.role == Message.Role.USER else message.parent
        if question is None:
            raise access.NotFound
        if _has_active(question):
            raise BusyError
        wanted = connection or conversation.connection
        wanted_run = request_run(user, model, wanted, session_key)
        if without == IMAGES:
            _leave_out_images(question, message.generation)
        elif without:
            _leave_out(question, without)
        return start_answer(question, wanted_run)


def _leave_out_images(question: Message, failed: Generation | None) -> None:
    """Send no image with this question to the model that refused them, and remember it."""
    if failed is None or failed.error_kind != ErrorKind.IMAGES_REFUSED:
        return
    question.parameters = {**question.parameters, NO_IMAGES_FOR: failed.model_name}
    question.save(update_fields=["parameters"])
    language_models.note_blindness(failed)


def _leave_out(question: Message, parameter: str) -> None:
    # Where nothing is set, replies are streamed and tools offered: leaving those out means False.
    value = False if parameter in {"stream", "tools"} else None
    question.parameters = {**question.parameters, parameter: value}
    question.save(update_fields=["parameters"])


def continue_answer(*, user: User, message: Message, session_key: str) -> Sent:
    """Continue an answer that was cut off, by another run that appends to the same message.

    Raises access.NotFound, tree.DeletedError, NoConnectionError, LimitReachedError, and BusyError
    also for an answer that needs no continuing, or that something follows already.
    """
    with transactions.write():
        conversation = tree.lock(message.conversation)
        message = tree.reread(conversation, message)
        last = message.generation
        is_followed = message.children.visible().exists()
        if message.parent is None or last is None or is_followed:
            raise BusyError
        if not last.can_continue or not message.text:
            raise BusyError
        wanted_run = request_run(user, last.model, last.connection, session_key)
        return run_again(message.parent, message, wanted_run)


def start_answer(question: Message, wanted: RunRequest, *, chosen: Sequence[str] = ()) -> Sent:
    """Store an empty answer, show it, and store its run. Under the conversation's lock.

    ``chosen`` names columns of the conversation that were set, to be saved with the rest.
    """
    empty = Message.objects.create(
        conversation=question.conversation, parent=question, role=Message.Role.ASSISTANT
    )
    return run_again(question, empty, wanted, chosen=chosen)


def _has_active(question: Message) -> bool:
    runs = Generation.objects.filter(message__parent=question, status__in=Generation.ACTIVE)
    return runs.filter(message__deleted_at=None).exists()


def run_again(
    question: Message, message: Message, wanted: RunRequest, *, chosen: Sequence[str] = ()
) -> Sent:
    """Store a run of ``message``, and start it once that is committed."""
    conversation = message.conversation
    conversation.owner = wanted.user
    generation = Generation.objects.create(
        message=message,
        model=wanted.model,
        model_name=wanted.model.name,
        connection=wanted.connection,
        connection_name=wanted.connection.name,
        **leases.taken(),
    )
    conversation.active_at = conversation.read_at = timezone.now()
    transaction.on_commit(partial(registry.start, generation, session_key=wanted.session_key))
    tree.show(conversation, message, also=["active_at", "read_at", *chosen])
    transaction.on_commit(partial(notify.conversation, conversation.pk))
    return Sent(question, message, generation, wanted.quota)

"""A title that a model writes in the background, where the team wants one."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass

from django.db import Error

from conversations.crypto import UndecryptableError
from conversations.database import threads
from conversations.generation.api_calls import AnswerReader, ApiCall, ApiClient
from conversations.generation.live import notify
from conversations.generation.records import leases, ledger
from conversations.indexing import writing as search_index
from conversations.models import (
    Connection,
    Conversation,
    Generation,
    LanguageModel,
    TeamSettings,
    UsageRecord,
)
from conversations.queries.connections import choose_connection, endpoint_for
from conversations.queries.parameters import team_settings
from conversations.upstream.endpoint import Endpoint
from conversations.upstream.errors import UpstreamError
from conversations.upstream.request import ChatRequest
from conversations.upstream.title import INSTRUCTION, title_of

logger = logging.getLogger(__name__)

# Characters of the question and of the answer each: enough to tell the subject.
EXCERPT = 2000


@dataclass(frozen=True, slots=True)
class TitleRequest:
    """The request for a title, the model that it goes to, and the run whose answer it is about."""

    generation_id: uuid.UUID
    conversation: Conversation
    model: LanguageModel
    connection: Connection
    endpoint: Endpoint
    request: ChatRequest


async def propose(generation_id: uuid.UUID, client: ApiClient) -> None:
    """Name the conversation that begins with the answer of this run, if the team wants that."""
    try:
        wanted = await threads.run_read(prepare, generation_id)
        if wanted is None:
            return
        call = ApiCall(wanted.request, wanted.endpoint, purpose=UsageRecord.Purpose.TITLE)
        reader = AnswerReader(call.answer)
        await client.send(call, reader, write=lambda call: _record(wanted, call))
        title = title_of(call.answer.text)
        if await threads.run_write(_put_title, wanted.conversation, title):
            notify.conversation(wanted.conversation.pk)
    except (UpstreamError, UndecryptableError, Error) as error:
        logger.info("A conversation keeps its first words as its title: %s", type(error).__name__)


def prepare(generation_id: uuid.UUID) -> TitleRequest | None:
    """Return the request for a title; None where the conversation keeps its first words."""
    team = team_settings()
    run = _first_answer(generation_id) if team.titles != TeamSettings.Titles.WORDS else None
    if run is None:
        return None
    conversation = run.message.conversation
    is_same = team.titles == TeamSettings.Titles.SAME
    model = run.model if is_same else team.title_model
    if model is None or not model.is_usable or model.makes_images:
        return None
    connection = choose_connection(conversation.owner, model, run.connection)
    # The demo has its answers ready; a title is not among them.
    if connection is None or connection.is_demo:
        return None
    request, endpoint = _request(run, model.name), endpoint_for(connection)
    return TitleRequest(generation_id, conversation, model, connection, endpoint, request)


def _first_answer(generation_id: uuid.UUID) -> Generation | None:
    return (
        Generation.objects.select_related("model", "connection", "message__conversation__owner")
        .filter(
            pk=generation_id,
            status=Generation.Status.COMPLETED,
            message__parent__isnull=False,
            message__parent__parent=None,
            message__conversation__title_source=Conversation.TitleSource.WORDS,
            message__conversation__deleted_at=None,
            message__conversation__is_temporary=False,
        )
        .select_related("message__parent")
        .first()
    )


def _request(run: Generation, model_name: str) -> ChatRequest:
    question = run.message.parent
    text = f"{question.text[:EXCERPT] if question else ''}\n\n{run.message.text[:EXCERPT]}"
    return ChatRequest(
        model=model_name,
        messages=[{"role": "user", "content": f"{INSTRUCTION}\n\n{text}"}],
    )


def _record(wanted: TitleRequest, call: ApiCall) -> None:
    run = leases.read(wanted.generation_id)
    if run is not None:
        ledger.record_call(
            run.message.conversation,
            call.tokens,
            purpose=call.purpose,
            model=wanted.model,
            connection=wanted.connection,
            made_at=call.made_at,
        )


def _put_title(conversation: Conversation, title: str) -> bool:
    """Store the title unless its user has written one meanwhile."""
    unnamed = Conversation.objects.filter(
        pk=conversation.pk, title_source=Conversation.TitleSource.WORDS
    )
    source = Conversation.TitleSource.MODEL
    if not (title and unnamed.update(title=title, title_source=source)):
        return False
    search_index.put_title(Conversation.objects.get(pk=conversation.pk))
    return True

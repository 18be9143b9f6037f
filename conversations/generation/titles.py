"""A title made by a model, where the team wants one: never awaited, its failure never seen."""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import Error

from conversations.crypto import UndecryptableError
from conversations.database import threads
from conversations.generation.live import notify
from conversations.generation.records import ledger
from conversations.generation.request.token_estimate import count_tokens
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
from conversations.upstream.answer.answer import Answer
from conversations.upstream.asking.client import Client
from conversations.upstream.body.outcome import Outcome
from conversations.upstream.endpoint import Endpoint, Timers
from conversations.upstream.errors import UpstreamError
from conversations.upstream.request import ChatRequest
from conversations.upstream.title import INSTRUCTION, title_of

logger = logging.getLogger(__name__)

# Of each side: enough to tell what it is about.
EXCERPT = 2000


@dataclass(frozen=True, slots=True)
class TitleCall:
    """What is asked, of whom, and for which conversation."""

    conversation: Conversation
    model: LanguageModel
    connection: Connection
    endpoint: Endpoint
    request: ChatRequest


async def propose(generation: Generation, client: Client, timers: Timers) -> None:
    """Name the conversation that this run was the first answer of, if the team wants that."""
    try:
        call = await threads.run_read(prepare, generation)
        if call is None:
            return
        answer, outcome = await _ask(call, client, timers)
        if await threads.run_write(
            _keep, call, title_of(answer.text), _usage(call, answer, outcome)
        ):
            notify.conversation(call.conversation.pk)
    except (UpstreamError, UndecryptableError, Error) as error:
        logger.info("A conversation keeps its first words as its title: %s", type(error).__name__)


def prepare(generation: Generation) -> TitleCall | None:
    """What to ask for a title, and whom; None where it keeps its first words."""
    question = generation.message.parent
    if question is None or question.parent_id is not None:
        return None
    team = team_settings()
    run = _first_answer(generation.pk) if team.titles != TeamSettings.Titles.WORDS else None
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
    return TitleCall(
        conversation, model, connection, endpoint_for(connection), _request(run, model.name)
    )


def _first_answer(generation_id: uuid.UUID) -> Generation | None:
    return (
        Generation.objects.select_related("model", "connection", "message__conversation__owner")
        .filter(
            pk=generation_id,
            status=Generation.Status.COMPLETED,
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
    said = f"{question.text[:EXCERPT] if question else ''}\n\n{run.message.text[:EXCERPT]}"
    return ChatRequest(
        model=model_name,
        messages=[{"role": "user", "content": f"{INSTRUCTION}\n\n{said}"}],
    )


async def _ask(call: TitleCall, client: Client, timers: Timers) -> tuple[Answer, Outcome]:
    answer = Answer()
    async with client.exchange(call.endpoint, call.request, timers) as exchange:
        async for delta in exchange:
            answer.add(delta)
    answer.finish()
    return answer, exchange.outcome


def _usage(call: TitleCall, answer: Answer, outcome: Outcome) -> dict[str, int | bool]:
    usage = outcome.usage
    if usage is not None and usage.completion is not None:
        prompt, completion = usage.prompt or 0, usage.completion
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": usage.total or prompt + completion,
            "reasoning_tokens": usage.reasoning or 0,
            "cached_tokens": usage.cached or 0,
        }
    prompt = count_tokens(str(call.request.messages[0]["content"]))
    completion = count_tokens(answer.text) + count_tokens(answer.reasoning)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "is_estimated": True,
    }


def _keep(call: TitleCall, title: str, usage: dict[str, Any]) -> bool:
    """Write the title unless a person has written one meanwhile; the call is recorded anyhow."""
    rows = Conversation.objects.filter(pk=call.conversation.pk)
    if not rows.exists():
        return False
    ledger.record(
        purpose=UsageRecord.Purpose.TITLE,
        conversation=call.conversation,
        model=call.model,
        model_name=call.model.name,
        connection=call.connection,
        connection_name=call.connection.name,
        **usage,
    )
    unnamed = rows.filter(title_source=Conversation.TitleSource.WORDS)
    source = Conversation.TitleSource.MODEL
    if not (title and unnamed.update(title=title, title_source=source)):
        return False
    search_index.put_title(rows.get())
    return True

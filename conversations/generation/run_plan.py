"""The plan of a run: its first request, where that goes, and the tools it may use."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conversations.crypto import UndecryptableError
from conversations.generation.images import make_image
from conversations.generation.images.make_image import ImageModel
from conversations.generation.records import approvals
from conversations.generation.records.approvals import Decision
from conversations.generation.request import context
from conversations.generation.tool_calls import toolbox
from conversations.models import Connection, Generation, HttpTool
from conversations.queries import tool_modes
from conversations.queries.connections import endpoint_for
from conversations.queries.http_tools import usable_tools
from conversations.queries.parameters import team_settings
from conversations.tools.base import Tool
from conversations.upstream.endpoint import Endpoint
from conversations.upstream.errors import ErrorKind, UpstreamError
from conversations.upstream.request import ChatRequest


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Plain values, so that the loop has something to send and asks the database nothing."""

    request: ChatRequest
    endpoint: Endpoint
    # The source of each parameter, for the record of the run.
    parameters: Mapping[str, Any]
    tools: Mapping[str, Tool] = field(default_factory=dict)
    # The image model behind the tool make_image, where that is among the tools.
    image_model: ImageModel | None = None
    # Names of the tools that need an approval, and the decisions about calls of this message.
    held: frozenset[str] = frozenset()
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    # The text of the user message, which describes an image that is made for it.
    question: str = ""


def prepare(generation: Generation) -> RunPlan | Exception:
    """Build the plan in the thread that has the rows, or return the failure for the run to record.

    A message that was stored has a run whatever happens after the commit.
    """
    try:
        return build(generation)
    except Exception as error:  # noqa: BLE001 (the runner tells them apart)
        return error


def load(generation_id: uuid.UUID, parts: Sequence[dict[str, Any]] | None = None) -> RunPlan:
    """Read a run's rows and build its plan; ``parts`` are newer than those of the message's row.

    Raises as ``build`` does.
    """
    rows = Generation.objects.select_related(
        "connection",
        "model",
        "message__parent",
        "message__conversation__owner",
        "message__conversation__preset",
        "message__conversation__folder",
    )
    generation = rows.get(pk=generation_id)
    if parts is not None:
        generation.message.parts = list(parts)
    return build(generation)


def build(generation: Generation) -> RunPlan:
    """Build the plan. Raises UpstreamError without a usable connection, OSError for a lost file."""
    endpoint = _endpoint(generation.connection)
    message, team = generation.message, team_settings()
    conversation = message.conversation
    basis = context.basis_of(generation, team)
    # An answer without parts has no calls that anything could have been decided about.
    decisions = approvals.decisions(message) if message.parts else {}
    tools: Mapping[str, Tool] = {}
    image_model, made = None, list[HttpTool]()
    if basis.offers_tools or decisions:
        image_model = make_image.choose(conversation.owner, generation.connection)
        also = [make_image.outline()] if image_model else []
        made = usable_tools(conversation.owner)
        tools = toolbox.tools_for(conversation, also, team=team, made=made)
    return RunPlan(
        request=context.request_for(generation, basis, tools),
        endpoint=endpoint,
        parameters=basis.parameters,
        tools=tools,
        image_model=image_model if make_image.NAME in tools else None,
        held=tool_modes.held_in(conversation, list(tools), team=team, made=made),
        decisions=decisions,
        question=message.parent.text if message.parent else "",
    )


def _endpoint(connection: Connection | None) -> Endpoint:
    if connection is None:
        # It was deleted after the message was sent.
        raise UpstreamError(ErrorKind.UNREACHABLE, reason="no_connection")
    try:
        return endpoint_for(connection)
    except UndecryptableError as error:
        raise UpstreamError(ErrorKind.KEY_REFUSED, reason="undecryptable") from error

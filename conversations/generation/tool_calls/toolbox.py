"""The tools that a run may use: built-in ones, and the HTTP tools of its user and the team."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone

from conversations.database import threads
from conversations.generation.tool_calls import http_tools
from conversations.models import Conversation, HttpTool, TeamSettings, ToolMode, User
from conversations.queries import search
from conversations.queries.http_tools import usable_tools
from conversations.queries.tool_modes import modes_in
from conversations.search.snippets import SnippetPart
from conversations.tools.base import Arguments, Tool, schema
from conversations.tools.calculator import calculator
from conversations.tools.clock import clock
from conversations.tools.web_page import web_page

SEARCH = "search_conversations"
FOUND = 8
_SEARCH_DESCRIPTION = (
    "Search the user's own earlier conversations for words, and get passages that have all of "
    "them. Use it when the user refers to something that was said before."
)
_QUERY = {"type": "string", "description": "A few words that the passage has.", "minLength": 1}


def tools_for(
    conversation: Conversation,
    also: Iterable[Tool] = (),
    *,
    team: TeamSettings,
    made: Sequence[HttpTool] | None = None,
) -> dict[str, Tool]:
    """Return the tools by their names, in the order in which the model reads of them.

    ``also``: built-in ones that are made elsewhere (generation/images/make_image.py). ``made``: the
    HTTP tools of the owner, read if they are not given.
    """
    owner = conversation.owner
    rows = usable_tools(owner) if made is None else made
    zone = owner.time_zone or timezone.get_default_timezone_name()
    tools = (
        clock(zone, timezone.now),
        calculator(),
        _search(owner, conversation.pk),
        web_page(settings.TOOL_ALLOWED_HOSTS),
        *also,
    )
    found = {tool.name: tool for tool in (*http_tools.tools_of(rows), *tools)}
    ordered = dict.fromkeys([*(tool.name for tool in tools), *found])
    modes = modes_in(conversation, ordered, team=team, made=rows)
    return {name: found[name] for name in ordered if modes[name] != ToolMode.OFF}


def _search(user: User, conversation_id: uuid.UUID) -> Tool:
    """Return the tool that searches the user's other conversations: the model has this one."""

    async def run(arguments: Arguments) -> str:
        return await threads.run_read(_found, user, conversation_id, str(arguments["query"]))

    parameters = schema({"query": _QUERY}, required=("query",))
    return Tool(SEARCH, _SEARCH_DESCRIPTION, parameters, run)


def _found(user: User, conversation_id: uuid.UUID, query: str) -> str:
    hits = search.search(user, query, limit=FOUND + 1).hits
    others = [hit for hit in hits if hit.conversation.pk != conversation_id]
    found = [_entry(hit) for hit in others[:FOUND]]
    return json.dumps({"found": found}, ensure_ascii=False)


def _entry(hit: search.Hit) -> dict[str, Any]:
    return {
        "title": hit.conversation.title,
        "last_active": hit.conversation.active_at.date().isoformat(),
        "passages": [
            {
                "who": passage.message.role,
                "date": passage.message.created.date().isoformat(),
                "text": _plain(passage.snippet),
            }
            for passage in hit.passages
        ],
    }


def _plain(parts: list[SnippetPart]) -> str:
    return "".join(part.text for part in parts)

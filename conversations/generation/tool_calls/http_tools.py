"""HTTP tools of a run: made of their rows, with secrets that stay encrypted until a call."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.conf import settings

from conversations.crypto import UndecryptableError
from conversations.models import HttpTool
from conversations.tools.base import Tool, ToolError
from conversations.tools.http_request import HttpSpec
from conversations.tools.http_tool import http_tool


def tools_of(rows: Iterable[HttpTool]) -> list[Tool]:
    """Return the tool of each row."""
    return [
        http_tool(
            row.name,
            row.description,
            row.parameters,
            load=partial(spec_of, row),
            allowed_hosts=settings.TOOL_ALLOWED_HOSTS,
        )
        for row in rows
    ]


def spec_of(row: HttpTool) -> HttpSpec:
    """Return a tool's request with its secrets. Raises ToolError if they cannot be decrypted."""
    try:
        secrets = row.secrets
    except UndecryptableError:
        raise ToolError(
            "its stored secrets cannot be opened; they must be entered again."
        ) from None
    return HttpSpec(row.method, row.url_template, row.parameters, row.plain_headers, secrets)

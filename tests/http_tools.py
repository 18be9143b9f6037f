"""HTTP tools as rows, and as posts of their form."""

from __future__ import annotations

import json
from typing import Any

from conversations.actions import http_tools as actions
from conversations.models import HttpTool, User
from conversations.models.http_tools import Header

SECRET = "Bearer tk-9876543210zyxw"
CITY = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "The city"}},
    "required": ["city"],
}


def tool(owner: User | None, url: str, actor: User | None = None, **fields: Any) -> HttpTool:
    """Store a tool that GETs ``url``, a template that may contain ``{city}``."""
    given = {
        "name": "get_weather",
        "description": "Tells the weather",
        "schema": json.dumps(CITY),
        "method": "GET",
        "url_template": url,
        "headers": (Header("Authorization", SECRET, is_secret=True),),
        **fields,
    }
    made = owner or actor
    assert made is not None
    return actions.create(owner=owner, fields=actions.ToolFields(**given), actor=made)


def posted(
    url: str, *headers: tuple[str, str, bool], initial: int = 0, **fields: str
) -> dict[str, str]:
    """Return the fields of the form; a header is a name, a value and whether it is secret."""
    data = {
        "name": "get_weather",
        "description": "Tells the weather",
        "schema": json.dumps(CITY),
        "method": "GET",
        "url_template": url,
        "mode": "",
        "is_enabled": "on",
        "header-TOTAL_FORMS": str(len(headers)),
        "header-INITIAL_FORMS": str(initial),
    }
    for number, (name, value, is_secret) in enumerate(headers):
        data |= {f"header-{number}-name": name, f"header-{number}-value": value}
        data |= {f"header-{number}-is_secret": "on"} if is_secret else {}
    return data | fields

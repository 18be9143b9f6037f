"""Recorded exchanges, as the wire view shows them."""

from __future__ import annotations

import json
from typing import Any

from conversations.models import Generation, WireRecord
from conversations.models.wire_records import pack

BODY = {"model": "gpt-5.4", "messages": [{"role": "user", "content": "It's <b>"}], "top_p": 0.5}
TRIAL = {
    "began": 0.0,
    "answered": 0.25,
    "ended": 1.5,
    "status": 200,
    "error": "",
    "wait": None,
    "has_stream_options": False,
    "received": "data: <script>alert(1)</script>\n\ndata: [DONE]\n\n",
    "received_bytes": 47,
    "kept_bytes": 47,
}
ACCOUNT: dict[str, Any] = {
    "url": "https://api.example.org/gate/v1/chat/completions",
    "headers": [["host", "api.example.org"], ["accept", "application/json"], ["x-api-key", "•••"]],
    "parameters": {"model": "gpt-5.4", "top_p": 0.5},
    "body": json.dumps(BODY),
    "body_bytes": 99,
    "is_body_cut": False,
    "is_data_cut": False,
    "trials": [TRIAL],
}


def store_exchange(run: Generation, position: int = 0, **account: Any) -> None:
    """Record an exchange of ``run``; ``account`` replaces fields of ACCOUNT."""
    content = pack({**ACCOUNT, **account})
    WireRecord.objects.create(generation=run, position=position, content=content)

"""The whole tree with what each run took, as JSON: docs/export.md describes every field."""

from __future__ import annotations

import uuid
from typing import Any

import orjson
from django.utils import timezone

from conversations.models import Attachment, Conversation, Generation, Message
from conversations.transfer.formats.base import Format

NAME = "chatsite-conversation"
VERSION = 1
TAIL = "\n]\n}\n"


def _ids(conversation: Conversation) -> list[uuid.UUID]:
    rows = conversation.messages.visible().order_by("created", "id")
    return list(rows.values_list("id", flat=True))


def _head(conversation: Conversation) -> str:
    fields = {
        "format": NAME,
        "version": VERSION,
        "exported_at": timezone.now(),
        "conversation": _conversation(conversation),
    }
    # The object stays open: the messages follow as its last field, a line each.
    return _dump(fields)[:-1] + ',\n"messages": [\n'


def _conversation(conversation: Conversation) -> dict[str, Any]:
    names = ("id", "title", "system_prompt", "max_tokens", "temperature", "top_p")
    return {name: getattr(conversation, name) for name in names} | {
        "model": conversation.model.name if conversation.model else None,
        "leaf": conversation.leaf_id,
        "created_at": conversation.created,
        "active_at": conversation.active_at,
    }


def _message(message: Message, conversation: Conversation) -> str:
    del conversation
    return _dump(
        {
            "id": message.pk,
            "parent": message.parent_id,
            "role": message.role,
            "created_at": message.created,
            "parts": message.parts,
            "attachments": [_attachment(file) for file in message.attachments.all()],
            "runs": [_run(run) for run in sorted(message.generations.all(), key=lambda r: r.id)],
        }
    )


def _attachment(file: Attachment) -> dict[str, Any]:
    """A file by its name, and the text that was read from it; not its bytes."""
    names = ("name", "kind", "media_type", "size", "text")
    return {name: getattr(file, name) for name in names}


def _run(run: Generation) -> dict[str, Any]:
    """One run; never the connection's address or key, nor what the upstream said of an error."""
    names = (
        "id", "status", "answering_model", "started_at", "first_delta_at", "ended_at",
        "finish_reason", "error_kind", "error_status", "retries", "request_id",
    )  # fmt: skip
    usage = (
        "prompt_tokens", "cached_tokens", "completion_tokens", "reasoning_tokens", "total_tokens",
    )  # fmt: skip
    return {name: getattr(run, name) for name in names} | {
        "model": run.model_name,
        "connection": run.connection_name,
        "created_at": run.created,
        "usage": {name: getattr(run, name) for name in usage}
        | {"is_estimated": run.is_usage_estimated},
    }


def _dump(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()


JSON = Format(
    suffix="json",
    content_type="application/json",
    ids=_ids,
    head=_head,
    message=_message,
    joint=",\n",
    tail=TAIL,
)

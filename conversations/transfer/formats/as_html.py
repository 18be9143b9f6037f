"""The shown branch as one HTML file that needs nothing else: no script, no address, no network."""

from __future__ import annotations

import base64
import hashlib
import uuid
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from conversations.models import Conversation, Message
from conversations.queries.paths import branch_ids
from conversations.transfer.formats.base import Format, attached_to, speaker_of

LAYERS = "@layer reset, tokens, base, layout, components, utilities;\n"
# What a page of messages needs of static/css/app.css.
SHEETS = (
    "reset", "tokens", "base", "layout", "utilities", "components/avatar", "components/code",
    "components/prose", "components/reasoning", "components/share", "components/turn",
)  # fmt: skip
TAIL = "</div>\n</main>\n</body>\n</html>\n"


def _ids(conversation: Conversation) -> list[uuid.UUID]:
    return branch_ids(conversation.leaf_id)


def _head(conversation: Conversation) -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    context = {"conversation": conversation, "style": _style(), "style_hash": digest}
    return render_to_string("export/file_head.html", context)


def _message(message: Message, conversation: Conversation) -> str:
    context = {
        "message": message,
        "speaker": speaker_of(message, conversation),
        "attached": attached_to(message),
        "html": mark_safe(message.finished_html),  # noqa: S308 (the renderer sanitises)
        "run": message.generation,
    }
    return render_to_string("export/message.html", context)


@cache
def _style() -> SafeString:
    """The sheets as one text. It is ours; nothing that anybody wrote comes into it."""
    paths = (finders.find(f"css/{name}.css") for name in SHEETS)
    texts = (Path(path).read_text(encoding="utf-8") for path in paths if path)
    return mark_safe(LAYERS + "".join(texts))  # noqa: S308


HTML = Format(
    suffix="html",
    content_type="text/html; charset=utf-8",
    ids=_ids,
    head=_head,
    message=_message,
    joint="",
    tail=TAIL,
)

"""The shown branch as one HTML file that needs nothing else: no script, no address, no network."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from conversations import file_store
from conversations.file_reading.images import THUMBNAIL_TYPE
from conversations.models import Attachment, Conversation, Message
from conversations.presentation.trail import Trail
from conversations.queries.paths import branch_ids
from conversations.transfer.formats.base import (
    Format,
    MessageWriter,
    attached_to,
    images_of,
    speaker_of,
    steps_of,
)
from conversations.upstream.answer.parts import ImagePart

LAYERS = "@layer reset, tokens, base, layout, components, utilities;\n"
# A page of messages needs these sheets of static/css/app.css.
SHEETS = (
    "reset", "tokens", "base", "layout", "utilities", "components/avatar", "components/code",
    "components/math", "components/picture", "components/prose", "components/prose-table",
    "components/share", "components/slip", "components/steps", "components/turn",
)  # fmt: skip
TAIL = "</div>\n</main>\n</body>\n</html>\n"


def _ids(conversation: Conversation) -> list[uuid.UUID]:
    return branch_ids(conversation.leaf_id)


def _head(conversation: Conversation) -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    context = {"conversation": conversation, "style": _style(), "style_hash": digest}
    return render_to_string("export/file_head.html", context)


@dataclass(frozen=True, slots=True)
class ExportedImage:
    """One picture, as templates/export/_pictures.html reads it; ``source``: where the page has it.

    Without one it is not there any more.
    """

    image: ImagePart
    source: str

    @property
    def is_tall(self) -> bool:
        """Whether it would be higher than a screen at the column's width."""
        return self.image.height > self.image.width


def _embedded(file: Attachment) -> str:
    """The small copy as it stands in the file itself: a chat of fifty pictures stays readable."""
    try:
        content = file_store.read(file.thumbnail or file.digest)
    except FileNotFoundError:
        return ""
    media_type = THUMBNAIL_TYPE if file.thumbnail else file.media_type
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"


def message_with(source_of: Callable[[Attachment], str]) -> MessageWriter:
    """Return a renderer of messages whose images come from ``source_of``."""
    return lambda message, conversation: _message(message, conversation, source_of)


def _message(
    message: Message, conversation: Conversation, source_of: Callable[[Attachment], str]
) -> str:
    pictures = [
        ExportedImage(image, source_of(file) if file else "") for image, file in images_of(message)
    ]
    context = {
        "pictures": [picture for picture in pictures if not picture.image.model],
        "made_pictures": [picture for picture in pictures if picture.image.model],
        "message": message,
        "speaker": speaker_of(message, conversation),
        "attached": attached_to(message),
        "steps": (steps := steps_of(message)),
        "steps_summary": Trail(steps).title,
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
    message=message_with(_embedded),
    joint="",
    tail=TAIL,
)

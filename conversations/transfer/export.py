"""A conversation written out, in pieces: each is one short read and one page of text."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import timezone, translation

from conversations.database import threads
from conversations.models import Conversation
from conversations.queries.messages import with_runs
from conversations.transfer.formats.as_html import HTML
from conversations.transfer.formats.as_json import JSON
from conversations.transfer.formats.as_markdown import MARKDOWN
from conversations.transfer.formats.base import Format

FORMATS = {"markdown": MARKDOWN, "json": JSON, "html": HTML}
# Messages in a piece. Only their ids are held for the whole conversation.
PAGE = 50


@dataclass(frozen=True, slots=True)
class ExportLocale:
    """In whose words and whose time it is written: a piece is made in a thread of the engine's."""

    language: str
    zone: datetime.tzinfo

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Within, words and times are the reader's."""
        with translation.override(self.language), timezone.override(self.zone):
            yield


async def pieces(
    conversation: Conversation, wanted: Format, *, reader: ExportLocale
) -> AsyncIterator[str]:
    """The file, piece by piece. What is deleted meanwhile is left out."""

    def head() -> str:
        with reader.speaking():
            return wanted.head(conversation)

    def page(start: int) -> str:
        with reader.speaking():
            rows = with_runs(ids[start : start + PAGE])
            return wanted.joint.join(wanted.message(row, conversation) for row in rows)

    ids = await threads.run_read(wanted.ids, conversation)
    yield await threads.run_read(head)
    is_first = True
    for start in range(0, len(ids), PAGE):
        if text := await threads.run_read(page, start):
            yield text if is_first else wanted.joint + text
            is_first = False
    yield wanted.tail

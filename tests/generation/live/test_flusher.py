"""The pauses between the flushes of a growing answer."""

from __future__ import annotations

import asyncio
import uuid

from conversations.generation.live import hub
from conversations.generation.live.flusher import AnswerFlusher
from conversations.upstream.answer.answer import Answer, TextDelta


def make_painter() -> AnswerFlusher:
    live = hub.LiveAnswer(
        generation=uuid.uuid4(),
        message=uuid.uuid4(),
        conversation=uuid.uuid4(),
    )
    return AnswerFlusher(live, Answer())


async def test_each_word_is_rendered_where_the_reader_rests_between_them() -> None:
    painter = make_painter()
    painting = asyncio.create_task(painter.run())
    async with asyncio.timeout(30):
        for word in ("One", " two", " three"):
            painter.answer.add(TextDelta(word))
            painter.touch()
            while word not in "".join(painter.live.view.blocks):
                await painter.wait_until_due()
                await asyncio.sleep(0)
    painter.end()
    assert await painting == ("<p>One two three</p>",)
    assert painter.live.view.sequence == 3


async def test_nobody_waits_for_rendering_that_broke_down() -> None:
    painter = make_painter()
    del painter._renderer
    painting = asyncio.create_task(painter.run())
    painter.touch()
    async with asyncio.timeout(30):
        await painter.wait_until_due()
        assert await painting is None
        painter.touch()
        await painter.wait_until_due()

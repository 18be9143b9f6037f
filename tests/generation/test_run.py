"""The object of a run: what it reads of its rows, and how it is stopped."""

from __future__ import annotations

import asyncio
import uuid

from conversations.generation.run import Run
from conversations.models import Conversation, Generation, Message


def make_run(*, text: str = "", is_first: bool = True) -> Run:
    conversation = Conversation(id=uuid.uuid4())
    above = None if is_first else Message(id=uuid.uuid4(), conversation=conversation)
    question = Message(id=uuid.uuid4(), conversation=conversation, parent=above)
    parts = [{"type": "text", "text": text}] if text else []
    message = Message(id=uuid.uuid4(), conversation=conversation, parent=question, parts=parts)
    return Run(Generation(id=uuid.uuid4(), message=message))


def test_it_begins_with_what_its_message_has() -> None:
    empty, begun = make_run(), make_run(text="Half", is_first=False)
    assert (empty.answer.text, empty.is_continued, empty.is_first) == ("", False, True)
    assert (begun.answer.text, begun.is_continued, begun.is_first) == ("Half", True, False)
    assert begun.live.view.sequence == 0


async def test_work_that_ends_by_itself_has_its_result() -> None:
    async def work() -> str:
        await asyncio.sleep(0)
        return "done"

    run = make_run()
    assert await run.unless_stopped(work()) == "done"
    assert run.stopped_as == ""


async def test_a_stop_cancels_the_work_and_the_caller_goes_on() -> None:
    run, has_begun = make_run(), asyncio.Event()

    async def work() -> str:
        has_begun.set()
        await asyncio.Event().wait()
        return "never"

    async def stop() -> None:
        await has_begun.wait()
        run.stop("stopped")
        run.stop("interrupted")

    stopping = asyncio.create_task(stop())
    async with asyncio.timeout(30):
        assert await run.unless_stopped(work()) is None
    await stopping
    assert run.stopped_as == "stopped"


async def test_work_does_not_begin_after_a_stop() -> None:
    begun: list[bool] = []

    async def work() -> str:
        begun.append(True)
        return "never"

    run = make_run()
    run.lose()
    assert await run.unless_stopped(work()) is None
    assert begun == []
    assert (run.is_lost, run.stopped_as) == (True, "interrupted")


async def test_a_change_is_for_the_journal_and_for_the_flusher() -> None:
    run, untouched = make_run(), make_run()
    run.changed()
    assert (run.is_dirty, untouched.is_dirty) == (True, False)
    assert run.flusher._dirty.is_set()

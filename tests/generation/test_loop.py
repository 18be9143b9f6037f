"""The door from other threads to the event loop, and the tasks that it starts."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Iterator

import pytest

from conversations.generation import loop

_marker: contextvars.ContextVar[str] = contextvars.ContextVar("marker", default="")


class LoopThread:
    """An event loop that runs in a thread of its own, attached as the process's loop."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._is_running = threading.Event()
        self.loop.call_soon(self._is_running.set)
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()
        self._is_running.wait()
        loop.attach(self.loop)

    @property
    def ident(self) -> int | None:
        return self._thread.ident

    def stop(self) -> None:
        if self.loop.is_running():
            asyncio.run_coroutine_threadsafe(loop.settle(30), self.loop).result(60)
            self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


@pytest.fixture
def elsewhere() -> Iterator[LoopThread]:
    thread = LoopThread()
    yield thread
    thread.stop()


async def ident() -> int:
    await asyncio.sleep(0)
    return threading.get_ident()


def test_a_call_runs_on_the_loop_and_its_result_comes_back(elsewhere: LoopThread) -> None:
    assert loop.call(ident(), 30) == elsewhere.ident


def test_a_call_has_a_loop_of_its_own_where_none_is_attached(elsewhere: LoopThread) -> None:
    elsewhere.loop.call_soon_threadsafe(elsewhere.loop.stop)
    while elsewhere.loop.is_running():
        pass
    assert not loop.is_attached()
    assert loop.call(ident(), 30) == threading.get_ident()


def test_a_call_that_takes_too_long_is_cancelled(elsewhere: LoopThread) -> None:
    is_cancelled = threading.Event()

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            is_cancelled.set()

    with pytest.raises(TimeoutError):
        loop.call(hang(), 0.01)
    assert is_cancelled.wait(30)


def test_a_call_raises_as_its_coroutine_does(elsewhere: LoopThread) -> None:
    async def fail() -> None:
        raise KeyError("reason")

    with pytest.raises(KeyError, match="reason"):
        loop.call(fail(), 30)


def test_nothing_of_the_caller_is_inherited(elsewhere: LoopThread) -> None:
    found: list[str] = []
    is_done = threading.Event()

    async def look() -> str:
        found.append(_marker.get())
        is_done.set()
        return _marker.get()

    _marker.set("a request")
    loop.spawn(look())
    assert is_done.wait(30)
    assert [*found, loop.call(look(), 30)] == ["", ""]


def test_a_function_is_posted_to_the_thread_of_the_loop(elsewhere: LoopThread) -> None:
    found: list[int] = []
    is_done = threading.Event()

    def note(value: int) -> None:
        found.extend([value, threading.get_ident()])
        is_done.set()

    loop.post(note, 7)
    assert is_done.wait(30)
    assert found == [7, elsewhere.ident]


def test_without_a_loop_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_loop", None)
    found: list[int] = []
    coroutine = ident()
    loop.spawn(coroutine)
    loop.post(found.append, 1)
    assert found == []
    with pytest.raises(RuntimeError, match="cannot reuse"):
        coroutine.send(None)


async def test_a_task_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise KeyError("reason")

    await asyncio.wait([loop.start(fail())])
    await asyncio.sleep(0)
    assert "A task of the engine failed" in caplog.text
    assert "KeyError" in caplog.text


async def test_repeated_work_survives_its_failures(caplog: pytest.LogCaptureFixture) -> None:
    rounds: list[int] = []
    is_enough = asyncio.Event()

    async def work() -> None:
        rounds.append(len(rounds))
        if len(rounds) == 3:
            is_enough.set()
        raise ValueError

    task = loop.start(loop.every(0, work, failure="Nothing was swept"))
    async with asyncio.timeout(30):
        await is_enough.wait()
    task.cancel()
    await loop.settle(30)
    assert caplog.text.count("Nothing was swept") >= 2


async def test_settling_waits_for_what_was_started() -> None:
    may_end = asyncio.Event()
    task = loop.start(may_end.wait())
    asyncio.get_running_loop().call_soon(may_end.set)
    await loop.settle(30)
    assert task.done()

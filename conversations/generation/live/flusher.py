"""Renders a growing answer for its watchers: the text so far becomes numbered patches."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from conversations.generation.live import frames, hub
from conversations.rendering.patches import Op
from conversations.rendering.stream import StreamRenderer
from conversations.upstream.answer.answer import Answer
from conversations.upstream.answer.parts import StepPart

# Rendering may take a 25th of the time: 12.5 flushes a second while it is cheap, never under 2.
# At 20 a second Chromium without a GPU took 1.6-2.2 s for an answer of 8 s, at 12 a second 1.0 s.
COST_FACTOR = 25
MIN_INTERVAL = 0.08
MAX_INTERVAL = 0.5
# More new characters than this are rendered in a thread, however cheap the last flush was.
LARGE_STEP = 8_000
# Own executor: asyncio's default one also runs getaddrinfo, which can block.
_executor = ThreadPoolExecutor(max_workers=2, thread_name_prefix="engine-render")
logger = logging.getLogger(__name__)


class AnswerFlusher:
    """The renderer of one answer, and the clock of its flushes."""

    def __init__(self, live: hub.LiveAnswer, answer: Answer) -> None:
        self.live = live
        self.answer = answer
        self._renderer = StreamRenderer(live.message)
        self._rendered = 0
        self._dirty = asyncio.Event()
        self._is_ending = False
        self._pausing: asyncio.Future[None] | None = None
        self._is_due = asyncio.Event()
        self._is_over = False
        self._step_mark = answer.step_mark

    def touch(self) -> None:
        """Note that the answer has grown."""
        self._dirty.set()
        if not self._is_over:
            self._is_due.clear()

    async def wait_until_due(self) -> None:
        """Wait until the next flush could show what is read now, about ``MIN_INTERVAL`` at most.

        This is the back-pressure on the upstream: reading sooner costs CPU and shows nothing.
        """
        await self._is_due.wait()

    def end(self) -> None:
        """Let ``run`` return. It is never cancelled, since a flush may be running in a thread."""
        self._is_ending = True
        self._dirty.set()
        if self._pausing is not None:
            _wake(self._pausing)

    async def run(self) -> tuple[str, ...] | None:
        """Flush the first delta at once, then as often as the cost allows, the last at once.

        Return the finished HTML of each block, or None for an answer that cannot be rendered: a
        fault of the renderer costs the HTML, never the answer.
        """
        try:
            return await self._flush_until_ended()
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # a panic of the Rust parsers is no Exception
            logger.exception("An answer could not be rendered")
            return None
        finally:
            self._is_over = True
            self._is_due.set()

    async def _flush_until_ended(self) -> tuple[str, ...]:
        while not self._is_ending:
            await self._dirty.wait()
            self._dirty.clear()
            if not self._is_ending:
                started = time.perf_counter()
                await self._flush(self._renderer.update)
                await self._pause(time.perf_counter() - started)
        await self._flush(self._renderer.finish)
        return self._renderer.blocks

    async def _pause(self, cost: float) -> None:
        interval = min(max(cost * COST_FACTOR, MIN_INTERVAL), MAX_INTERVAL)
        await self._unless_ending(MIN_INTERVAL)
        # Reading goes on however long rendering takes, so that the text is stored.
        self._is_due.set()
        if interval > MIN_INTERVAL:
            await self._unless_ending(interval - MIN_INTERVAL)

    async def _unless_ending(self, seconds: float) -> None:
        """Wait, by a bare timer: a cancelled task each time would cost more than the flush."""
        if self._is_ending:
            return
        loop = asyncio.get_running_loop()
        self._pausing = loop.create_future()
        timer = loop.call_later(seconds, _wake, self._pausing)
        try:
            await self._pausing
        finally:
            timer.cancel()
            self._pausing = None

    async def _flush(self, render: Callable[[str], list[Op]]) -> None:
        text, reasoning = self.answer.text, self.answer.reasoning
        ops = await self._rendered_ops(render, text)
        if more := reasoning[len(self.live.view.reasoning) :]:
            ops.append(["r", "t", more])
        steps, changes = self._steps()
        if changes != self.live.view.changes_of_steps:
            ops.append(["s", changes])
        if not ops:
            return
        sequence = self.live.view.sequence + 1
        self.live.view = hub.LiveView(
            sequence,
            self._renderer.blocks,
            reasoning,
            steps=steps,
            changes_of_steps=changes,
            seconds_thought=self.answer.seconds_thought,
            thinking_since=self.answer.thinking_since,
            is_writing=self.answer.is_writing,
        )
        patch = frames.patch(generation=self.live.generation, sequence=sequence, ops=ops)
        await hub.publish(self.live.conversation, patch)

    async def _rendered_ops(self, render: Callable[[str], list[Op]], text: str) -> list[Op]:
        # Work over 20 ms leaves the event loop, because all other answers and sockets need it.
        is_heavy = self._renderer.heavy or len(text) - self._rendered > LARGE_STEP
        self._rendered = len(text)
        if not is_heavy:
            return render(text)
        self._is_due.set()
        return await asyncio.get_running_loop().run_in_executor(_executor, render, text)

    def _steps(self) -> tuple[tuple[StepPart, ...], int]:
        """Return the tool calls, results and images, and the number of changes to them.

        A page fetches their HTML itself, because it is in the language of its reader.
        """
        view, mark = self.live.view, self.answer.step_mark
        if mark == self._step_mark:
            return view.steps or self.answer.step_parts, view.changes_of_steps
        self._step_mark = mark
        return self.answer.step_parts, view.changes_of_steps + 1


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)

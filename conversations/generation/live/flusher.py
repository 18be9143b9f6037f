"""Draws a growing answer for whoever watches: the text so far becomes numbered patches."""

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

# A flush may take a 25th of the time: 12.5 a second while drawing is cheap, never under 2
# (architecture § 5, measured in Chromium).
COST_FACTOR = 25
MIN_INTERVAL = 0.08
MAX_INTERVAL = 0.5
# This many characters at once are drawn in a thread, whatever the last flush cost.
LARGE_STEP = 8_000
# Of their own: the loop's default threads also wait for name servers.
_drawers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="engine-draw")
logger = logging.getLogger(__name__)


class AnswerFlusher:
    """One answer's renderer and the clock of its flushes."""

    def __init__(self, live: hub.LiveAnswer, answer: Answer) -> None:
        self.live = live
        self.answer = answer
        self._renderer = StreamRenderer(live.message)
        self._drawn = 0
        self._dirty = asyncio.Event()
        self._is_ending = False
        self._pausing: asyncio.Future[None] | None = None
        self._rested = asyncio.Event()
        self._is_over = False
        self._step_mark = answer.step_mark

    def touch(self) -> None:
        """Say that more has come."""
        self._dirty.set()
        if not self._is_over:
            self._rested.clear()

    async def rest(self) -> None:
        """Wait until more would be drawn, at most about ``MIN_INTERVAL`` after the last flush.

        Whoever reads what is to be drawn need not look before.
        """
        await self._rested.wait()

    def end(self) -> None:
        """Let ``run`` return; it is never cancelled, a flush may be under way in a thread."""
        self._is_ending = True
        self._dirty.set()
        if self._pausing is not None:
            _wake(self._pausing)

    async def run(self) -> tuple[str, ...] | None:
        """Flush the first delta at once, then as often as the cost allows, the last at once.

        Returns the finished HTML of each block, or None for an answer that cannot be drawn: a
        fault of the renderer costs the drawing, never the answer.
        """
        try:
            return await self._paint()
        except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # a panic of the Rust parsers is no Exception
            logger.exception("An answer could not be drawn")
            return None
        finally:
            self._is_over = True
            self._rested.set()

    async def _paint(self) -> tuple[str, ...]:
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
        # However long drawing takes, what arrives is read and written down.
        self._rested.set()
        if interval > MIN_INTERVAL:
            await self._unless_ending(interval - MIN_INTERVAL)

    async def _unless_ending(self, seconds: float) -> None:
        """Wait. Some thousand times a minute for each answer: a bare timer, no cancelled task."""
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

    async def _flush(self, draw: Callable[[str], list[Op]]) -> None:
        text, reasoning = self.answer.text, self.answer.reasoning
        # Work over 20 ms leaves the event loop, which also serves everybody else.
        is_heavy = self._renderer.heavy or len(text) - self._drawn > LARGE_STEP
        self._drawn = len(text)
        if is_heavy:
            self._rested.set()
            in_thread = asyncio.get_running_loop().run_in_executor
            ops = await in_thread(_drawers, draw, text)
        else:
            ops = draw(text)
        if more := reasoning[len(self.live.view.reasoning) :]:
            ops.append(["r", "t", more])
        steps, changes = self._steps()
        if changes != self.live.view.changes_of_steps:
            ops.append(["s", changes])
        if not ops:
            return
        sequence = self.live.view.sequence + 1
        self.live.view = hub.LiveView(
            sequence, self._renderer.blocks, reasoning, steps=steps, changes_of_steps=changes
        )
        patch = frames.patch(generation=self.live.generation, sequence=sequence, ops=ops)
        await hub.publish(self.live.conversation, patch)

    def _steps(self) -> tuple[tuple[StepPart, ...], int]:
        """The calls of tools and the pictures, and how often they have changed.

        What they show is a page's to draw. Words in the language of who looks cannot be sent to
        everybody.
        """
        view, mark = self.live.view, self.answer.step_mark
        if mark == self._step_mark:
            return view.steps or self.answer.step_parts, view.changes_of_steps
        self._step_mark = mark
        return self.answer.step_parts, view.changes_of_steps + 1


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)

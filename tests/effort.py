"""A bound for the work that hostile input may cause."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def bounded(seconds: float = 20.0) -> Iterator[None]:
    """Fail once the block has taken ``seconds`` of the processor in Python's main thread.

    Guarded code takes a fraction of a second for the inputs of the tests, unguarded code minutes
    or for ever. The limit is on processor time and generous, so that a busy machine does not
    matter.
    """

    def fail(number: int, frame: FrameType | None) -> None:
        raise AssertionError(f"it took more than {seconds} s of the processor")

    before = signal.signal(signal.SIGVTALRM, fail)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)

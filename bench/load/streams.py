"""The CPU time of streamed answers, and the lag of their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.load.asking import ask_all, opened
from bench.load.figures import percentile
from bench.load.processes import cpu_seconds
from bench.load.readers import Reader
from bench.load.upstream import prompt

WORDS, RATE = 400, 50
COUNTS = (1, 20, 50, 100)


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of concurrent streams: lags are in ms, ``heard`` is the share of words received.

    ``cpu`` is the server's seconds per 10,000 deltas, the sends included.
    """

    cpu: float
    lag_median: float
    lag: float
    heard: float


async def cost(readers: Sequence[Reader], pid: int) -> Cost:
    """Stream an answer to each reader, started within a second."""
    async with opened(readers):
        before = cpu_seconds(pid)
        answers = await ask_all(readers, prompt(WORDS, RATE), within=1)
        spent = cpu_seconds(pid) - before
    lags = [lag * 1000 for heard in answers for lag in heard.lags]
    sent = WORDS * len(readers)
    return Cost(
        cpu=spent / sent * 10_000,
        lag_median=percentile(lags, 50),
        lag=percentile(lags, 95),
        heard=len(lags) / sent,
    )

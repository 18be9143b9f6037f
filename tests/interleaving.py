"""Writes of another connection, placed between the statements of a reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")


class After:
    """An execute wrapper that calls ``act`` on another connection after the ``place``-th statement.

    ``count`` is how many statements there were.
    """

    def __init__(self, place: int, act: Callable[[], object]) -> None:
        self.place, self.act, self.count = place, act, 0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        result = execute(*statement)
        if self.count == self.place:
            elsewhere(self.act)
        self.count += 1
        return result


def elsewhere(act: Callable[[], object]) -> None:
    """Call ``act`` in a thread of its own, whose connection is closed afterwards."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()


def at_each_place(
    read: Callable[[], T], *, before: Callable[[], object], act: Callable[[], object]
) -> Iterator[T]:
    """Yield what ``read`` returns with ``act`` after its first statement, its second, and so on.

    ``before`` is called ahead of each. At the last place ``act`` comes after everything.
    """
    place, count = 0, 1
    while place < count:
        before()
        after = After(place, act)
        with connection.execute_wrapper(after):
            yield read()
        place, count = place + 1, after.count

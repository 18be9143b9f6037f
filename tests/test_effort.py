from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.effort import bounded


def loop_for_ever() -> None:
    while True:
        pass


def backtrack() -> None:
    re.match(r"(a+)+$", "a" * 60 + "!")


@pytest.mark.parametrize("work", [loop_for_ever, backtrack])
def test_work_without_end_is_ended(work: Callable[[], None]) -> None:
    with pytest.raises(AssertionError, match="of the processor"), bounded(0.05):
        work()


def test_work_that_ends_in_time_passes() -> None:
    with bounded():
        assert sum(range(1000)) == 499_500

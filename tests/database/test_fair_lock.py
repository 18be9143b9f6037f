"""The write lock: in order, reentrant, and intact after a timeout."""

from __future__ import annotations

import threading
from collections.abc import Callable

from conversations.database.fair_lock import FifoLock
from tests.conftest import wait_for


def start(function: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=function)
    thread.start()
    return thread


def waiting(lock: FifoLock, count: int) -> None:
    wait_for(lambda: len(lock._waiting) >= count)


def test_waiters_get_the_lock_in_order_and_first_before_all() -> None:
    lock, order = FifoLock(), list[str]()

    def take(name: str, *, first: bool = False) -> None:
        assert lock.acquire(30, first=first)
        order.append(name)
        lock.release()

    assert lock.acquire(1)
    threads = []
    for number, name in enumerate("abcd"):
        threads.append(start(lambda name=name: take(name)))  # type: ignore[misc]
        waiting(lock, number + 1)
    threads.append(start(lambda: take("journal", first=True)))
    waiting(lock, 5)
    lock.release()
    for thread in threads:
        thread.join(30)
    assert order == ["journal", *"abcd"]


def test_the_lock_is_reentrant() -> None:
    lock, taken = FifoLock(), threading.Event()
    assert lock.acquire(1)
    assert lock.acquire(1)

    def take() -> None:
        assert lock.acquire(30)
        taken.set()

    other = start(take)
    waiting(lock, 1)
    lock.release()
    assert lock._waiting
    lock.release()
    assert taken.wait(30)
    other.join(30)


def test_a_waiter_that_gives_up_leaves_the_queue() -> None:
    lock, told = FifoLock(), list[bool]()
    assert lock.acquire(1)
    start(lambda: told.append(lock.acquire(0.02))).join(30)
    assert told == [False]
    assert not lock._waiting
    lock.release()
    start(lambda: told.append(lock.acquire(1))).join(30)
    assert told == [False, True]


def test_one_thread_holds_the_lock_and_none_waits_for_ever() -> None:
    lock, inside, most = FifoLock(), 0, 0

    def work() -> None:
        nonlocal inside, most
        for number in range(200):
            if not lock.acquire(0.0005 if number % 3 else 30, first=number % 5 == 0):
                continue
            inside += 1
            most = max(most, inside)
            inside -= 1
            lock.release()

    threads = [start(work) for _ in range(8)]
    for thread in threads:
        thread.join(30)
    assert most == 1
    assert lock.acquire(0)

"""A lock that its waiters get in the order of their requests."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class _Waiter:
    thread: int
    turn: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.turn.acquire()


class FifoLock:
    """A reentrant lock for threads. ``threading.RLock`` is not fair: a late thread may go first.

    With it, fifty sends at once kept the journal waiting for three seconds, and three seconds of
    each answer would have been lost with the process.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[_Waiter] = deque()
        self._owner: int | None = None
        self._depth = 0

    def acquire(self, timeout: float, *, first: bool = False) -> bool:
        """Take the lock within ``timeout`` seconds; False if that failed.

        ``first``: ahead of all other waiters.
        """
        me = threading.get_ident()
        with self._guard:
            if self._owner in {None, me}:
                self._owner, self._depth = me, self._depth + 1
                return True
            waiter = _Waiter(me)
            if first:
                self._waiting.appendleft(waiter)
            else:
                self._waiting.append(waiter)
        return waiter.turn.acquire(timeout=timeout) or not self._gave_up(waiter)

    def release(self) -> None:
        """Hand the lock to the next waiter."""
        with self._guard:
            self._depth -= 1
            if self._depth:
                return
            self._owner = None
            if self._waiting:
                waiter = self._waiting.popleft()
                self._owner, self._depth = waiter.thread, 1
                waiter.turn.release()

    def _gave_up(self, waiter: _Waiter) -> bool:
        """Leave the queue; False where the lock was handed over in that moment."""
        with self._guard:
            if waiter not in self._waiting:
                return False
            self._waiting.remove(waiter)
            return True

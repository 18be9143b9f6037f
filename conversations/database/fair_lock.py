"""A lock whose waiters get it in the order in which they came."""

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
    """For threads, and reentrant. ``threading.RLock`` lets whoever comes in between go first.

    Then fifty sends at once kept the journal waiting for three seconds, and what had arrived of an
    answer in that time would have been lost with the process.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[_Waiter] = deque()
        self._owner: int | None = None
        self._depth = 0

    def acquire(self, timeout: float, *, first: bool = False) -> bool:
        """Take the lock; False when it could not be had in so many seconds.

        ``first``: before all who wait.
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
        """Give it to whoever is next."""
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

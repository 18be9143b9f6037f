"""The limit of frames that a socket is sent before its reader acknowledges them.

Sending never suspends, so it is no back-pressure: Daphne would buffer for a stalled reader without
end (120 MB of patches for one socket, measured).
"""

from __future__ import annotations

from collections import deque

MAX_FRAMES = 32
MAX_BYTES = 256 * 1024
# Seconds without any acknowledgement after which a socket is closed.
MAX_SILENCE = 30.0


class SendWindow:
    """The frames of one socket that its reader has not acknowledged."""

    def __init__(self) -> None:
        self._sizes: deque[int] = deque()
        self._bytes = 0
        self._sent = 0
        self._waiting_since: float | None = None
        self.is_lagging = False

    def spend(self, size: int, *, now: float) -> bool:
        """Note a frame of ``size`` bytes; False when it must be dropped instead.

        After the first drop everything is dropped until all frames are acknowledged.
        """
        # A single frame may be larger than the limit, so it is sent while anything is left of it.
        full = len(self._sizes) >= MAX_FRAMES or self._bytes >= MAX_BYTES
        if self.is_lagging or full:
            self.is_lagging = True
            return False
        self._sizes.append(size)
        self._bytes += size
        self._sent += 1
        if self._waiting_since is None:
            self._waiting_since = now
        return True

    def acknowledge(self, count: int, *, now: float) -> bool:
        """Note that the reader has had ``count`` frames in all; True if it must now start over."""
        while self._sizes and self._sent - len(self._sizes) < count:
            self._bytes -= self._sizes.popleft()
        self._waiting_since = now if self._sizes else None
        if self.is_lagging and not self._sizes:
            self.is_lagging = False
            return True
        return False

    def is_silent(self, *, now: float) -> bool:
        """Whether the reader has owed an acknowledgement for too long."""
        return self._waiting_since is not None and now - self._waiting_since > MAX_SILENCE

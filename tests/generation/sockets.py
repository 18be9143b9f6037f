"""A socket for tests of the live side: it remembers the frames that it was sent."""

from __future__ import annotations

import json
import uuid
from typing import Any


class FakeSocket:
    """A watcher of the hub, without a connection."""

    def __init__(self, user_id: uuid.UUID, *, session_key: str = "", fails: bool = False) -> None:
        self.user_id = user_id
        self.session_key = session_key
        self.conversation_id: uuid.UUID | None = None
        self.sent: list[str] = []
        self.closed_with: int | None = None
        self._fails = fails

    @property
    def frames(self) -> list[dict[str, Any]]:
        """The frames, read."""
        return [json.loads(frame) for frame in self.sent]

    async def deliver(self, frame: str) -> None:
        if self._fails:
            raise ConnectionError
        self.sent.append(frame)

    async def dismiss(self, code: int) -> None:
        self.closed_with = code

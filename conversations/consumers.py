"""The socket edge: subscribe, resume, acknowledge. No SQL, no rendering (docs/protocol.md)."""

from __future__ import annotations

import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.http import Http404, parse_cookie

from conversations import access
from conversations.database import threads
from conversations.generation import registry
from conversations.generation.live import frames, hub, subscription
from conversations.generation.live.flow_control import SendWindow
from conversations.models.identifiers import parse_id

SIGNED_OUT = 4401
SILENT_READER = 4408
TOO_MANY = 4429
MAX_SOCKETS_PER_PERSON = 10
MAX_FRAME_BYTES = 64 * 1024
# A page sends a few frames a second at most; a burst of subscribes is still below this.
MAX_FRAMES_PER_SECOND = 20
MAX_SEEN = 64

Handler = Callable[["ChatConsumer", Mapping[str, Any]], Awaitable[None]]


class ChatConsumer(AsyncWebsocketConsumer):
    """One page's socket."""

    user_id: uuid.UUID
    session_key: str
    conversation_id: uuid.UUID | None = None
    _is_joined = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One connection. However it ends, the hub forgets it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self.disconnect(1006)

    async def dispatch(self, message: Mapping[str, Any]) -> None:
        """Dispatch without the parent's thread for closing database connections: we hold none."""
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        """Take the session's person, or close with a code that says to sign in."""
        self._credit = SendWindow()
        self._second, self._frames_in_second = 0, 0
        if registry.is_draining():
            # The page tries again, and by then there is a server that stays.
            await self.close()
            return
        session_key = _session_cookie(self.scope["headers"])
        identity = await threads.run_read(access.identify, session_key) if session_key else None
        # A refused handshake tells the page nothing: accepted first, it hears why it is closed.
        await self.accept()
        if identity is None:
            await self.close(SIGNED_OUT)
        elif hub.count_sockets(identity.user_id) >= MAX_SOCKETS_PER_PERSON:
            await self.close(TOO_MANY)
        else:
            self.user_id, self.session_key = identity.user_id, identity.session_key
            hub.join(self)
            self._is_joined = True
            await self.deliver(frames.hello())

    async def disconnect(self, code: int) -> None:
        """Leave the hub. The answers go on: they belong to the registry."""
        del code
        if self._is_joined:
            hub.leave(self)
            self._is_joined = False

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """One frame of the page; a binary one is none of ours."""
        del bytes_data
        if not self._is_joined:
            return
        if self._is_flooding():
            await self.dismiss(TOO_MANY)
            return
        frame = _decode(text_data)
        if frame is None:
            await self.deliver(frames.error("bad_frame"))
        elif handler := HANDLERS.get(str(frame.get("t"))):
            await handler(self, frame)

    async def deliver(self, frame: str) -> None:
        """Send a frame, unless the reader is behind: then it will start over."""
        now = time.monotonic()
        if self._credit.spend(len(frame.encode()), now=now):
            await self.send(text_data=frame)
        elif self._credit.is_silent(now=now):
            await self.dismiss(SILENT_READER)

    async def dismiss(self, code: int) -> None:
        """Close the socket from our side."""
        await self.disconnect(code)
        await self.close(code)

    async def subscribe(self, frame: Mapping[str, Any]) -> None:
        """Watch one conversation, in place of the last one."""
        conversation_id, seen = _id(frame.get("conversation")), _seen(frame.get("seq"))
        if conversation_id is None or seen is None:
            await self.deliver(frames.error("bad_frame"))
            return
        hub.unwatch(self)
        try:
            updates = await subscription.subscribe(self, conversation_id, seen)
        except Http404:
            await self.deliver(frames.error("not_found"))
            return
        if not self._is_joined:
            hub.unwatch(self)
        for update in updates:
            await self.deliver(update)

    async def unsubscribe(self, frame: Mapping[str, Any]) -> None:
        """Watch nothing."""
        del frame
        hub.unwatch(self)

    async def acknowledge(self, frame: Mapping[str, Any]) -> None:
        """The page has had so many frames; a page that was behind starts over."""
        count = frame.get("s")
        if not isinstance(count, int):
            await self.deliver(frames.error("bad_frame"))
        elif self._credit.acknowledge(count, now=time.monotonic()):
            await self.deliver(frames.hello())

    async def resync(self, frame: Mapping[str, Any]) -> None:
        """Send everything that is on its way in the watched conversation."""
        del frame
        if self.conversation_id is not None:
            for answer in hub.live_in(self.conversation_id):
                await self.deliver(answer.snapshot())

    def _is_flooding(self) -> bool:
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._frames_in_second = second, 0
        self._frames_in_second += 1
        return self._frames_in_second > MAX_FRAMES_PER_SECOND


HANDLERS: Mapping[str, Handler] = {
    "subscribe": ChatConsumer.subscribe,
    "unsubscribe": ChatConsumer.unsubscribe,
    "ack": ChatConsumer.acknowledge,
    "resync": ChatConsumer.resync,
}


def _session_cookie(headers: list[tuple[bytes, bytes]]) -> str:
    """The session's key, read as Django reads it: an odd cookie of another site costs nothing."""
    lines = [value.decode("latin-1") for name, value in headers if name == b"cookie"]
    return parse_cookie("; ".join(lines)).get(settings.SESSION_COOKIE_NAME, "")


def _decode(text: str | None) -> Mapping[str, Any] | None:
    if text is None or len(text) > MAX_FRAME_BYTES:
        return None
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return frame if isinstance(frame, dict) else None


def _id(value: object) -> uuid.UUID | None:
    return parse_id(value) if isinstance(value, str) else None


def _seen(value: object) -> dict[uuid.UUID, int] | None:
    """The numbers a page has, by generation; none at all is an empty object or nothing."""
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > MAX_SEEN:
        return None
    seen = {parse_id(key): number for key, number in value.items() if isinstance(number, int)}
    return {key: number for key, number in seen.items() if key is not None}

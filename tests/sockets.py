"""A page's WebSocket, and the engine on the event loop of the test."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from chatsite.asgi import application
from conversations.generation import engine
from conversations.models import User
from conversations.upkeep import schedule

R = TypeVar("R")
ORIGIN = settings.ALLOWED_ORIGINS[0]


async def off_loop(function: Callable[[], R]) -> R:
    """Run database work in a thread that closes its connection afterwards."""

    def call() -> R:
        try:
            return function()
        finally:
            connections.close_all()

    return await sync_to_async(call, thread_sensitive=False)()


@contextlib.asynccontextmanager
async def engine_here() -> AsyncIterator[None]:
    engine.ensure_started(schedule.background)
    try:
        yield
    finally:
        await engine.stop(0)


def session_of(user: User) -> str:
    """Store a session as signing in does, and return its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    assert session.session_key
    return session.session_key


class Page:
    """The WebSocket of a page; it acknowledges frames only where the test does."""

    def __init__(self, session_key: str, *, origin: str | None = ORIGIN) -> None:
        headers = [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={session_key}".encode())]
        if origin is not None:
            headers.append((b"origin", origin.encode()))
        self.socket = WebsocketCommunicator(application, "/ws/", headers=headers)
        self.received = 0

    async def open(self) -> bool:
        accepted, _ = await self.socket.connect(timeout=30)
        return bool(accepted)

    async def send(self, kind: str, **fields: object) -> None:
        await self.socket.send_to(text_data=json.dumps({"t": kind, **fields}))

    async def next(self, kind: str | None = None) -> dict[str, Any]:
        """Return the next frame, or the next of one kind."""
        async with asyncio.timeout(30):
            while True:
                frame = json.loads(await self.socket.receive_from(timeout=30))
                self.received += 1
                if kind in {None, frame["t"]}:
                    return dict(frame)

    async def closed_with(self) -> int:
        """Skip frames until the server closes, and return its close code."""
        while True:
            message = await self.socket.receive_output(timeout=30)
            if message["type"] == "websocket.close":
                return int(message["code"])

    async def close(self) -> None:
        await self.socket.disconnect()

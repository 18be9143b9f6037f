"""A page's socket, and the engine on the test's own loop."""

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
    """Database work of a test, in a thread that gives its connection back."""

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
    """A session as signing in makes it; its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    assert session.session_key
    return session.session_key


class Page:
    """The socket of one page, which acknowledges nothing unless it is told to."""

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
        """The next frame, or the next of one kind, passing over others."""
        async with asyncio.timeout(30):
            while True:
                frame = json.loads(await self.socket.receive_from(timeout=30))
                self.received += 1
                if kind in {None, frame["t"]}:
                    return dict(frame)

    async def closed_with(self) -> int:
        """The code that the server closes with, passing over frames."""
        while True:
            message = await self.socket.receive_output(timeout=30)
            if message["type"] == "websocket.close":
                return int(message["code"])

    async def close(self) -> None:
        await self.socket.disconnect()

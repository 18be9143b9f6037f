"""Downloads over the ASGI application of the site."""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from django.conf import settings
from django.test import AsyncClient

from conversations.models import User


class Download:
    """A response, read to its end."""

    def __init__(self, user: User, path: str, **headers: str) -> None:
        client = AsyncClient()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        self.pieces: list[str] = []
        async_to_sync(self._read)(client, path, headers)

    async def _read(self, client: AsyncClient, path: str, headers: dict[str, str]) -> None:
        response: Any = await client.get(path, headers=headers)
        self.status, self.headers = response.status_code, response.headers
        if response.streaming:
            self.pieces = [piece.decode() async for piece in response.streaming_content]

    @property
    def text(self) -> str:
        return "".join(self.pieces)

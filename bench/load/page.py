"""The client side of a page: the composer's form and the socket protocol."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from bench.load.readers import Heard

# Frames between two acknowledgements, from `docs/protocol.md`.
ACK_EVERY = 8
_CSRF = "bench" * 6 + "ab"


@dataclass(frozen=True, slots=True)
class Seat:
    """The site, session and conversation of a page."""

    site: str
    session_cookie: str
    conversation: UUID


class Page:
    """A page of our site: posts the composer's form, follows and acknowledges the socket."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._received = 0

    @property
    def _headers(self) -> dict[str, str]:
        cookie = f"{self._seat.session_cookie}; csrftoken={_CSRF}"
        return {"Cookie": cookie, "Origin": self._seat.site, "X-CSRFToken": _CSRF}

    async def open(self, http: ClientSession) -> None:
        self._http = http
        address = self._seat.site.replace("http", "ws", 1) + "/ws/"
        self._socket: ClientWebSocketResponse = await http.ws_connect(
            address, headers=self._headers, max_msg_size=0
        )
        await self._next()
        await self._send({"t": "subscribe", "conversation": str(self._seat.conversation)})
        while (await self._next())["t"] != "branch":
            pass

    async def ask(self, prompt: str) -> Heard:
        heard = Heard()
        # A task group, so that a refused send ends the wait for its answer.
        async with asyncio.TaskGroup() as both:
            both.create_task(self._post(prompt, heard))
            both.create_task(self._follow(heard))
        return heard

    async def _follow(self, heard: Heard) -> None:
        while frame := await self._next():
            if frame["t"] in {"patch", "snapshot"}:
                heard.take(json.dumps(frame.get("ops") or frame.get("blocks")))
            elif frame["t"] == "final":
                heard.is_whole = frame["status"] == "completed"
                return

    async def _post(self, text: str, heard: Heard) -> None:
        url = f"{self._seat.site}/c/{self._seat.conversation}/messages/"
        headers = {**self._headers, "Accept": "application/json"}
        async with self._http.post(url, data={"text": text}, headers=headers) as response:
            response.raise_for_status()
            heard.is_acknowledged = True

    async def _next(self) -> dict[str, Any]:
        """Return the next frame, or an empty one once the socket is closed."""
        message = await self._socket.receive()
        if message.type is not WSMsgType.TEXT:
            return {}
        self._received += 1
        if self._received % ACK_EVERY == 0:
            await self._send({"t": "ack", "s": self._received})
        frame: dict[str, Any] = json.loads(message.data)
        return frame

    async def _send(self, frame: dict[str, Any]) -> None:
        await self._socket.send_str(json.dumps(frame))

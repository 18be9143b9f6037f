"""Readers of a streamed answer: from the upstream and the relay; `page.py` reads from us."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import ClientSession, DummyCookieJar, TCPConnector

from bench.load import words


@dataclass(slots=True)
class Heard:
    """The words of one answer that a reader received; ``first`` is the seconds to the first one."""

    asked: int = field(default_factory=words.now)
    first: float | None = None
    lags: list[float] = field(default_factory=list)
    # The times at which the first and the last word were sent.
    oldest: int | None = None
    newest: int = -1
    # Set when the server has confirmed the message, and when the answer is complete.
    is_acknowledged: bool = False
    is_whole: bool = False

    def take(self, text: str) -> None:
        """Record the new words of a frame; a patch may repeat others."""
        now = words.now()
        for word in words.read(text):
            if word > self.newest:
                self.oldest, self.newest = self.oldest or word, word
                self.lags.append(words.seconds(word, now))
        if self.first is None and self.lags:
            self.first = words.seconds(self.asked, now)


class Reader(Protocol):
    """A client that sends a message and reads the answer."""

    async def open(self, http: ClientSession) -> None:
        """Connect."""

    async def ask(self, prompt: str) -> Heard:
        """Send a message and read the answer to its end."""


def session() -> ClientSession:
    """Return an HTTP client for all readers, without a limit of connections and without cookies."""
    return ClientSession(connector=TCPConnector(limit=0), cookie_jar=DummyCookieJar())


class Direct:
    """Reads from the upstream itself, which nothing can beat."""

    def __init__(self, upstream: str) -> None:
        self._url = f"{upstream}/v1/chat/completions"

    async def open(self, http: ClientSession) -> None:
        self._http = http

    async def ask(self, prompt: str) -> Heard:
        body = {"model": "any", "stream": True, "messages": [{"role": "user", "content": prompt}]}
        heard = Heard()
        async with self._http.post(self._url, json=body) as response:
            async for line in response.content:
                heard.take(line.decode())
        heard.is_whole = True
        return heard


class Relayed:
    """Reads from the bare relay."""

    def __init__(self, relay: str) -> None:
        self._url = relay

    async def open(self, http: ClientSession) -> None:
        self._socket = await http.ws_connect(self._url)

    async def ask(self, prompt: str) -> Heard:
        heard = Heard()
        await self._socket.send_str(prompt)
        async for message in self._socket:
            frame = json.loads(message.data)
            if frame["t"] == "end":
                heard.is_whole = True
                break
            heard.take(frame["text"])
        return heard

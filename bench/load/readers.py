"""Ways to read an answer as it arrives: from the upstream, by the bare relay; page.py: from us."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import ClientSession, DummyCookieJar, TCPConnector

from bench.load import words


@dataclass(slots=True)
class Heard:
    """What reached a reader of one answer. ``first``: seconds from asking to the first word."""

    asked: int = field(default_factory=words.now)
    first: float | None = None
    lags: list[float] = field(default_factory=list)
    # When the first and the last word that came were sent.
    oldest: int | None = None
    newest: int = -1
    # Whether the server said that it has the message, and whether the answer came to its end.
    is_acknowledged: bool = False
    is_whole: bool = False

    def take(self, text: str) -> None:
        """Note the words that are new; a patch may bring some again."""
        now = words.now()
        for word in words.read(text):
            if word > self.newest:
                self.oldest, self.newest = self.oldest or word, word
                self.lags.append(words.seconds(word, now))
        if self.first is None and self.lags:
            self.first = words.seconds(self.asked, now)


class Reader(Protocol):
    """One who asks and reads."""

    async def open(self, http: ClientSession) -> None:
        """Get ready to ask."""

    async def ask(self, prompt: str) -> Heard:
        """Ask, and read to the end."""


def session() -> ClientSession:
    """An HTTP client for all readers of one measurement, without a limit and without a memory."""
    return ClientSession(connector=TCPConnector(limit=0), cookie_jar=DummyCookieJar())


class Direct:
    """Reads the upstream itself: what nobody can beat."""

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
    """Reads by the bare relay."""

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

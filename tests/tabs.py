"""A tab that follows docs/protocol.md, for tests that need several at once."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from conversations.models import Conversation, Generation
from tests.sockets import Page, off_loop

JSON = {"accept": "application/json"}
_ARTICLE = re.compile(r"<article .*?</article>", re.DOTALL)
_REVISION = re.compile(r'data-revision="(\d+)"')


@dataclass(frozen=True, slots=True)
class Article:
    """A turn as it is on the page."""

    html: str

    def value(self, name: str) -> str:
        found = re.search(rf'{name}="([^"]*)"', self.html)
        return found.group(1) if found else ""

    @property
    def id(self) -> str:
        return self.value("data-message-id")

    @property
    def role(self) -> str:
        return self.value("data-role")

    @property
    def tree(self) -> str:
        return self.value("data-tree")

    @property
    def run(self) -> tuple[str, bool]:
        """The id of the run that it shows and whether that has ended; grows with time."""
        is_active = self.value("data-status") in Generation.ACTIVE
        return self.value("data-generation"), not is_active

    @property
    def versions(self) -> list[str]:
        return [part for part in self.tree.split() if len(part) == 36]


def articles_in(html: str) -> list[Article]:
    return [Article(text) for text in _ARTICLE.findall(html)]


class Tab:
    """A page that handles frames only when ``hear`` is called, so that it may act on old state."""

    def __init__(self, client: Client, session_key: str, conversation: Conversation) -> None:
        self.client = client
        self.page = Page(session_key)
        self.conversation = str(conversation.pk)
        self.articles: list[Article] = []
        self.revision = self.heard = 0
        self._arrived: list[dict[str, Any]] = []

    async def open(self) -> None:
        assert await self.page.open()
        await self._refresh()
        await self.page.send("subscribe", conversation=self.conversation, seq={})

    async def act(self, name: str, message: str, **fields: str) -> Any:
        """Post an action on a message, and show the result."""
        return await self.post(reverse(name, args=[self.conversation, message]), **fields)

    async def post(self, url: str, **fields: str) -> Any:
        answer = await off_loop(lambda: self.client.post(url, fields, headers=JSON))
        if answer.status_code in {200, 201}:
            await self._take(answer.json())
        return answer

    async def receive(self) -> None:
        """Read and acknowledge what has arrived, so that the server does not close the socket."""
        frames = []
        while not self.page.socket.output_queue.empty():
            frames.append(json.loads(await self.page.socket.receive_from()))
        if frames:
            self.page.received += len(frames)
            self._arrived += frames
            await self.page.send("ack", s=self.page.received)

    async def hear(self) -> None:
        """Handle the frames that have arrived."""
        await self.receive()
        frames, self._arrived = self._arrived, []
        for frame in frames:
            if frame["t"] == "branch":
                self.heard = max(self.heard, frame["revision"])
            elif frame["t"] == "final" and frame["m"] in [one.id for one in self.articles]:
                await self._renew(frame["m"])
        await self._catch_up()

    async def _take(self, thread: dict[str, Any]) -> None:
        ids = [article.id for article in self.articles]
        is_next = thread["revision"] == self.revision + 1
        if is_next and thread["html"] is not None and thread["after"] in [None, *ids]:
            start = ids.index(thread["after"]) if thread["after"] else 0
            self._show(start, articles_in(thread["html"]), thread["revision"])
        self.heard = max(self.heard, thread["revision"])
        await self._catch_up()

    async def _catch_up(self) -> None:
        if self.heard > self.revision:
            await self._refresh()

    async def _refresh(self) -> None:
        html = await self._get(reverse("thread", args=[self.conversation]))
        found = _REVISION.search(html)
        assert found
        if int(found.group(1)) >= self.revision:
            self._show(0, articles_in(html), int(found.group(1)))

    async def _renew(self, message: str) -> None:
        answer = await off_loop(
            lambda: self.client.get(reverse("message", args=[self.conversation, message]))
        )
        fresh = {one.id: one for one in articles_in(answer.content.decode())}
        self.articles = [
            fresh[old.id] if old.id in fresh and fresh[old.id].run > old.run else old
            for old in self.articles
        ]

    def _show(self, start: int, fresh: list[Article], revision: int) -> None:
        """Replace the articles from ``start`` on, but for those that are no newer."""
        known = {article.id: article for article in self.articles}
        self.revision = revision
        self.articles[start:] = [_newer(known.get(one.id, one), one) for one in fresh]

    async def _get(self, url: str) -> str:
        answer = await off_loop(lambda: self.client.get(url))
        return answer.content.decode()


def _newer(old: Article, fresh: Article) -> Article:
    return fresh if fresh.run > old.run or fresh.tree != old.tree else old

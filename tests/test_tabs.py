"""Random actions in four tabs of one user, after which each tab shows what is in the database.

A seed decides on the tab, the action and its object. Tabs handle frames late, so that they act on
what is no longer there, and some answers run until the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from conversations.models import Conversation, Generation, Message, User
from conversations.models.identifiers import new_id
from conversations.queries.branches import last_shown_leaf
from conversations.queries.paths import branch_ids
from tests.branches import conversation_of
from tests.conftest import wait_for
from tests.fakes.behaviours import Hold, echo, say
from tests.fakes.reply import Reply
from tests.fakes.upstream import FakeUpstream
from tests.sockets import engine_here, off_loop, session_of
from tests.tabs import Article, Tab

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("upstream_connection"),
]
SLOW = "take your time"
STEPS = 25
# Done; 409 where another tab was quicker, 404 where the object is gone.
EXPECTED = {200, 201, 204, 404, 409}


class Walk:
    """A sequence of actions in four tabs that depends on the seed alone."""

    def __init__(self, seed: int, tabs: list[Tab]) -> None:
        self.chance = random.Random(seed)
        self.tabs = tabs
        self.number = 0
        self.sent: list[str] = []
        self.deleted: list[str] = []
        self.verbs: list[Callable[[Tab], Awaitable[Any]]] = [
            self.send,
            self.edit,
            self.edit,
            self.rewrite,
            self.regenerate,
            self.switch,
            self.switch,
            self.delete,
            self.restore,
            self.stop,
        ]

    async def step(self) -> None:
        for each in self.tabs:
            await each.receive()
        tab = self.chance.choice(self.tabs)
        if self.chance.random() < 0.5:
            await tab.hear()
        answer = await self.chance.choice(self.verbs)(tab)
        assert answer is None or answer.status_code in EXPECTED, answer.content
        await quick_answers_end()

    async def send(self, tab: Tab) -> Any:
        parent = tab.articles[-1].id if tab.articles else ""
        url = reverse("message_create", args=[tab.conversation])
        return await self._say(lambda fields: tab.post(url, parent=parent, **fields))

    async def edit(self, tab: Tab) -> Any:
        turn = self._any(tab, lambda one: one.role == "user")
        return turn and await self._say(lambda fields: tab.act("revision", turn.id, **fields))

    async def rewrite(self, tab: Tab) -> Any:
        turn = self._any(tab, lambda one: one.role == "assistant")
        return turn and await self._say(lambda fields: tab.act("revision", turn.id, **fields))

    async def regenerate(self, tab: Tab) -> Any:
        turn = self._any(tab, lambda one: one.role == "assistant")
        return turn and await tab.act("regeneration", turn.id)

    async def switch(self, tab: Tab) -> Any:
        turn = self._any(tab, lambda one: bool(one.versions))
        return turn and await tab.act("showing", self.chance.choice(turn.versions))

    async def delete(self, tab: Tab) -> Any:
        turn = self._any(tab, lambda one: bool(one.id))
        if turn is None:
            return None
        self.deleted.append(turn.id)
        return await tab.act("message_deletion", turn.id)

    async def restore(self, tab: Tab) -> Any:
        if not self.deleted:
            return None
        return await tab.act("message_restoration", self.chance.choice(self.deleted))

    async def stop(self, tab: Tab) -> Any:
        turn = self._any(tab, lambda one: not one.run[1])
        return turn and await tab.post(turn.value("data-stop-url"))

    async def _say(self, send: Callable[[dict[str, str]], Awaitable[Any]]) -> Any:
        self.number += 1
        text = f"Words {self.number}" + (f", {SLOW}" if self.chance.random() < 0.3 else "")
        answer = await send({"id": str(new_id()), "text": text})
        if answer.status_code in {200, 201}:
            self.sent.append(text)
        return answer

    def _any(self, tab: Tab, fits: Callable[[Article], bool]) -> Article | None:
        fitting = [article for article in tab.articles if fits(article)]
        return self.chance.choice(fitting) if fitting else None


def slow_when_asked(gate: Hold) -> Callable[[Reply], Awaitable[None]]:
    held = say("So far", hold=gate)

    async def behave(reply: Reply) -> None:
        await (held if SLOW in reply.request.json["messages"][-1]["content"] else echo)(reply)

    return behave


async def quick_answers_end() -> None:
    def check() -> bool:
        active = Generation.objects.filter(status__in=Generation.ACTIVE)
        rows = active.select_related("message__parent")
        return all(SLOW in (row.message.parent or row.message).text for row in rows)

    await off_loop(lambda: wait_for(check))


async def everything_ends() -> None:
    active = Generation.objects.filter(status__in=Generation.ACTIVE)
    await off_loop(lambda: wait_for(lambda: not active.exists()))


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_every_tab_ends_equal_to_the_database(
    alice: User, settings: Settings, fake_upstream: FakeUpstream, seed: int
) -> None:
    settings.MAX_RUNNING_ANSWERS = settings.MAX_MESSAGES_PER_MINUTE = 1000
    gate = Hold()
    fake_upstream.default = slow_when_asked(gate)
    conversation = await off_loop(lambda: conversation_of(alice, pairs=2))
    key = await off_loop(lambda: session_of(alice))
    async with engine_here():
        tabs = [Tab(client_of(key, settings), key, conversation) for _ in range(4)]
        for tab in tabs:
            await tab.open()
        walk = Walk(seed, tabs)
        for _ in range(STEPS):
            await walk.step()
        gate.release()
        await everything_ends()
        fresh = Tab(client_of(key, settings), key, conversation)
        await fresh.open()
        await all_equal(tabs, fresh)
        for tab in [*tabs, fresh]:
            await tab.page.close()
    await off_loop(lambda: tree_is_whole(conversation, walk))


def client_of(session_key: str, settings: Settings) -> Client:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_key
    return client


async def all_equal(tabs: list[Tab], fresh: Tab) -> None:
    """Check that each tab, once it has handled all frames, shows what a new page shows."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(30):
            while any(tab.articles != fresh.articles for tab in tabs):
                await asyncio.sleep(0.01)
                for tab in tabs:
                    await tab.hear()
    for tab in tabs:
        assert tab.articles == fresh.articles
        assert tab.revision == fresh.revision


def tree_is_whole(conversation: Conversation, walk: Walk) -> None:
    conversation.refresh_from_db()
    rows = {row.pk: row for row in conversation.messages.all()}
    assert set(walk.sent) <= {row.text for row in rows.values()}
    for row in rows.values():
        parent = rows[row.parent_id] if row.parent_id else None
        assert row.deleted_at or not (parent and parent.deleted_at)
    if conversation.leaf_id is None:
        assert not Message.objects.visible().filter(conversation=conversation).exists()
        return
    path = branch_ids(conversation.leaf_id)
    assert not any(rows[message_id].deleted_at for message_id in path)
    # Any message of the shown branch leads to its end, because that branch was shown last.
    assert {last_shown_leaf(message_id) for message_id in path} == {conversation.leaf_id}

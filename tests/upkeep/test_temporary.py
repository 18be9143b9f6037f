"""Temporary conversations are erased after their page, deleted ones after thirty days."""

from __future__ import annotations

import time

import pytest

from conversations.actions import conversations
from conversations.models import (
    Connection,
    Conversation,
    Generation,
    Message,
    SearchPiece,
    User,
)
from conversations.upkeep import temporary
from tests.branches import conversation_of
from tests.conftest import EngineThread, wait_for
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import start_temporary
from tests.sockets import Page, engine_here, off_loop, session_of

transactional = pytest.mark.django_db(transaction=True)


def is_there(conversation: Conversation) -> bool:
    return Conversation.objects.filter(pk=conversation.pk).exists()


@transactional
async def test_it_lives_while_a_page_is_open_and_a_little_longer(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The engine does not sweep in this test, which passes a time of its own.
    monkeypatch.setattr(temporary, "INTERVAL", 600.0)
    conversation = await off_loop(
        lambda: conversation_of(alice, title="Fleeting", is_temporary=True)
    )
    key = await off_loop(lambda: session_of(alice))
    async with engine_here():
        page = Page(key)
        await page.open()
        await page.next("hello")
        await page.send("subscribe", conversation=str(conversation.pk))
        await page.next("branch")
        temporary.page_opened(conversation.pk)
        await off_loop(lambda: None)
        seen = time.monotonic() + 10 * temporary.WITHOUT_SOCKET
        await temporary.sweep(seen)
        assert await off_loop(lambda: is_there(conversation)), "its page is open"
        await page.close()
        await temporary.sweep(seen + temporary.GRACE / 2)
        assert await off_loop(lambda: is_there(conversation)), "the page may be loaded again"
        await temporary.sweep(seen + 2 * temporary.GRACE)
        assert not await off_loop(lambda: is_there(conversation))
        assert not await off_loop(Message.objects.exists)


@transactional
async def test_what_the_last_process_left_is_erased_too(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporary, "GRACE", 0.0)
    monkeypatch.setattr(temporary, "INTERVAL", 0.01)
    monkeypatch.setattr(temporary, "_ends", {})
    left = await off_loop(lambda: conversation_of(alice, is_temporary=True))
    kept = await off_loop(lambda: conversation_of(alice))
    async with engine_here():
        await off_loop(lambda: wait_for(lambda: not is_there(left)))
    assert await off_loop(lambda: is_there(kept))


@transactional
def test_its_run_ends_with_it(
    alice: User,
    upstream_connection: Connection,
    fake_upstream: FakeUpstream,
    running_engine: EngineThread,
) -> None:
    gate = fake_upstream.hold("On its way")
    conversation = start_temporary(alice)
    assert gate.wait_reached()
    conversations.delete(conversation)
    wait_for(lambda: fake_upstream.open_connections == 0)
    gate.release()
    assert not is_there(conversation)
    assert not Generation.objects.filter(message__conversation=conversation).exists()


@transactional
def test_its_words_stand_in_no_list_and_no_index(
    alice: User, upstream_connection: Connection, running_engine: EngineThread
) -> None:
    conversation = start_temporary(alice, "A secret recipe")
    assert conversation.title == "Temporary chat"
    assert not Conversation.objects.listed().filter(pk=conversation.pk).exists()
    assert not SearchPiece.objects.filter(conversation=conversation).exists()

"""The WebSocket of docs/protocol.md: access, frames, and bad clients."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from conversations.actions import conversations as conversation_actions
from conversations.generation import session_watch
from conversations.generation.live import hub
from conversations.generation.live.flow_control import MAX_FRAMES
from conversations.models import Connection, Conversation, TeamSettings, User
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import ended, send
from tests.sockets import Page, engine_here, off_loop, session_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("upstream_connection"),
]


@pytest.fixture(autouse=True)
async def _engine() -> AsyncIterator[None]:
    async with engine_here():
        yield


async def page_of(user: User) -> Page:
    page = Page(await off_loop(lambda: session_of(user)))
    assert await page.open()
    assert (await page.next())["t"] == "hello"
    return page


async def hears_nothing(page: Page) -> None:
    """Check that the page was sent no frame before the answer to this one."""
    await page.send("subscribe", conversation=str(uuid.uuid4()), seq={})
    assert await page.next() == {"t": "error", "code": "not_found"}


async def conversation_of(user: User) -> Conversation:
    return await off_loop(lambda: Conversation.objects.create(owner=user, title="Hers"))


def text_of(blocks: list[str]) -> str:
    return "".join(blocks)


async def follow(page: Page, blocks: list[str]) -> list[str]:
    """Apply patches as the browser does until the answer ends."""
    while True:
        frame = await page.next()
        if frame["t"] == "final":
            return blocks
        if frame["t"] == "snapshot":
            blocks[:] = frame["blocks"]
        for op in frame.get("ops", []):
            apply(blocks, op)
        await page.send("ack", s=page.received)


def apply(blocks: list[str], op: list[Any]) -> None:
    if op[0] in {"r", "s"}:
        return
    if op[1] == -1:
        del blocks[op[0] :]
        return
    while len(blocks) <= op[0]:
        blocks.append("")
    if op[1] != "t":
        kept = blocks[op[0]].encode("utf-16-le")[: 2 * op[1]].decode("utf-16-le")
        blocks[op[0]] = kept + op[2]


async def test_an_answer_reaches_two_tabs(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.say("# Title\n\n", "Some ", "**bold** 😀", " text", delay=0.05)
    first, second = await page_of(alice), await page_of(alice)
    conversation = await conversation_of(alice)
    for page in (first, second):
        await page.send("subscribe", conversation=str(conversation.pk), seq={})
        await page.next("branch")
    sent = await off_loop(lambda: send(alice, "Hi", conversation))
    assert (await first.next("branch"))["leaf"] == str(sent.answer.pk)
    one, two = await follow(first, []), await follow(second, [])
    assert one == two
    assert "<strong>bold</strong> 😀 text" in text_of(one)


async def test_calls_of_tools_are_told_of_as_they_change(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.call(("current_time", "{}"))
    gate = fake_upstream.hold("Noon.")
    page = await page_of(alice)
    conversation = await conversation_of(alice)
    await page.send("subscribe", conversation=str(conversation.pk), seq={})
    await off_loop(lambda: TeamSettings.objects.create(tools=True))
    sent = await off_loop(lambda: send(alice, "Hi", conversation))
    await off_loop(gate.wait_reached)
    late = await page_of(alice)
    seen = {str(sent.generation.pk): 0}
    await late.send("subscribe", conversation=str(conversation.pk), seq=seen)
    snapshot = await late.next("snapshot")
    gate.release()
    counts = []
    while (frame := await page.next())["t"] != "final":
        counts += [op[1] for op in frame.get("ops", []) if op[0] == "s"]
    assert counts == list(range(1, len(counts) + 1))
    assert snapshot["steps"] in counts


async def test_a_late_tab_gets_a_snapshot(alice: User, fake_upstream: FakeUpstream) -> None:
    gate = fake_upstream.hold("Already", " here")
    conversation = await conversation_of(alice)
    sent = await off_loop(lambda: send(alice, "Hi", conversation))
    await off_loop(gate.wait_reached)
    page = await page_of(alice)
    await page.send(
        "subscribe", conversation=str(conversation.pk), seq={str(sent.generation.pk): 0}
    )
    snapshot = await page.next("snapshot")
    gate.release()
    assert snapshot["m"] == str(sent.answer.pk)
    assert "Already here" in text_of(await follow(page, list(snapshot["blocks"])))


async def test_a_run_that_ended_meanwhile_is_told(alice: User, fake_upstream: FakeUpstream) -> None:
    conversation = await conversation_of(alice)
    page = await page_of(alice)
    await page.send("subscribe", conversation=str(conversation.pk), seq={})
    sent = await off_loop(lambda: send(alice, "Hi", conversation))
    await page.next("final")
    late = await page_of(alice)
    seen = {str(sent.generation.pk): 3}
    await late.send("subscribe", conversation=str(conversation.pk), seq=seen)
    assert (await late.next("branch"))["leaf"] == str(sent.answer.pk)
    assert (await late.next("final"))["status"] == "completed"


async def test_a_stranger_hears_nothing(alice: User, charlie: User) -> None:
    conversation = await conversation_of(alice)
    page = await page_of(charlie)
    await page.send("subscribe", conversation=str(conversation.pk), seq={})
    assert await page.next() == {"t": "error", "code": "not_found"}
    await page.send("subscribe", conversation=str(uuid.uuid4()), seq={})
    assert await page.next() == {"t": "error", "code": "not_found"}
    await page.send("resync")
    sent = await off_loop(lambda: send(alice, "Hi", conversation))
    await off_loop(lambda: ended(sent.generation))
    await hears_nothing(page)


async def test_a_deleted_conversation_is_not_there(alice: User) -> None:
    conversation = await conversation_of(alice)
    await off_loop(lambda: conversation_actions.delete(conversation))
    page = await page_of(alice)
    await page.send("subscribe", conversation=str(conversation.pk), seq={})
    assert (await page.next("error"))["code"] == "not_found"


@pytest.mark.parametrize("origin", ["http://evil.example", None, "null", "https://127.0.0.1:8000"])
async def test_a_foreign_origin_gets_no_handshake(alice: User, origin: str | None) -> None:
    page = Page(await off_loop(lambda: session_of(alice)), origin=origin)
    assert not await page.open()


async def test_without_a_session_it_is_closed(alice: User) -> None:
    page = Page("nonsense")
    assert await page.open()
    assert await page.closed_with() == 4401


def sign_out(user: User, key: str) -> None:
    Session.objects.filter(session_key=key).delete()


def disable(user: User, key: str) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def change_password(user: User, key: str) -> None:
    user.set_password("another long phrase")
    user.save()


@pytest.mark.parametrize("end", [sign_out, disable, change_password])
async def test_a_session_that_is_over_loses_its_sockets_and_runs(
    alice: User, bob: User, fake_upstream: FakeUpstream, end: Callable[[User, str], None]
) -> None:
    """Check also that others lose nothing and that the old cookie opens no socket any more."""
    key = await off_loop(lambda: session_of(alice))
    hers, his = Page(key), await page_of(bob)
    assert await hers.open()
    gate = fake_upstream.hold("So far")
    sent = await off_loop(lambda: send(alice, "Hi", session_key=key))
    await off_loop(gate.wait_reached)
    await off_loop(lambda: end(alice, key))
    assert await hers.closed_with() == 4401
    assert hub.count_sockets(alice.pk) == 0
    run = await off_loop(lambda: ended(sent.generation))
    assert run.status == "stopped"
    gate.release()
    replayed = Page(key)
    assert await replayed.open()
    assert await replayed.closed_with() == 4401
    await hears_nothing(his)


def test_sessions_are_checked_often_enough_for_the_promise() -> None:
    """Keep the promise of docs/protocol.md that both are lost within 5 s."""
    assert session_watch.INTERVAL < 4


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        "3",
        '"x"',
        "[" * 5000,
        '{"t": "subscribe"}',
        '{"t": "subscribe", "conversation": 7}',
        '{"t": "subscribe", "conversation": "../../etc"}',
        '{"t": "ack", "s": "many"}',
        json.dumps({"t": "subscribe", "conversation": str(uuid.uuid4()), "seq": [1]}),
        "x" * 70_000,
    ],
)
async def test_junk_gets_an_error_and_the_socket_lives(alice: User, text: str) -> None:
    page = await page_of(alice)
    await page.socket.send_to(text_data=text)
    assert await page.next() == {"t": "error", "code": "bad_frame"}
    await page.send("ack", s=10**15)
    await page.send("unheard_of", x=1)
    conversation = await conversation_of(alice)
    await page.send("subscribe", conversation=str(conversation.pk), seq={})
    assert (await page.next("branch"))["leaf"] is None


async def test_binary_frames_are_refused(alice: User) -> None:
    page = await page_of(alice)
    await page.socket.send_to(bytes_data=b"\x00\xff")
    assert await page.next() == {"t": "error", "code": "bad_frame"}


async def test_a_flood_is_closed(alice: User) -> None:
    page = await page_of(alice)
    for _ in range(60):
        await page.send("resync")
    assert await page.closed_with() == 4429


async def test_a_person_has_ten_sockets(alice: User) -> None:
    pages = [await page_of(alice) for _ in range(10)]
    extra = Page(await off_loop(lambda: session_of(alice)))
    assert await extra.open()
    assert await extra.closed_with() == 4429
    await pages[0].close()
    assert await page_of(alice)


async def test_a_slow_reader_is_held_back_and_starts_over(alice: User) -> None:
    page = await page_of(alice)
    conversation = await conversation_of(alice)
    for number in range(MAX_FRAMES + 20):
        await hub.tell(alice.pk, json.dumps({"t": "test", "number": number}))
    for _ in range(MAX_FRAMES - 1):
        await page.next("test")
    await page.send("ack", s=page.received)
    assert (await page.next())["t"] == "hello"
    await page.send("subscribe", conversation=str(conversation.pk), seq={})
    assert (await page.next())["t"] == "branch"


async def test_the_sidebar_of_every_tab_hears_of_a_rename(
    alice: User, bob: User, upstream_connection: Connection
) -> None:
    hers, also_hers, his = await page_of(alice), await page_of(alice), await page_of(bob)
    conversation = await conversation_of(alice)
    await off_loop(lambda: conversation_actions.rename(conversation, "Another"))
    for page in (hers, also_hers):
        frame = await page.next("conversation")
        assert (frame["id"], frame["title"]) == (str(conversation.pk), "Another")
    await hears_nothing(his)

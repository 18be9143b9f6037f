"""Clients that break the rules of WebSockets: closed with a code, without effect on others."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import httpx
import pytest

from conversations.models import Conversation, User
from tests.live import LiveSite
from tests.raw_sockets import (
    BINARY,
    NOT_UTF8,
    PROTOCOL_ERROR,
    TEXT,
    TOO_BIG,
    close_code,
    frame,
    message,
    next_frame,
    open_socket,
)
from tests.sockets import session_of

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 1024 * 1024
UNMASKED = bytes([TEXT, 2]) + b"{}"
RESERVED = frame(b"{}", kind=0x83)
# The payload is never sent, because the server must refuse the size that the head announces.
HUGE = bytes([TEXT, 0xFF]) + (2**40).to_bytes(8, "big") + bytes(4)


@pytest.fixture
def good(live_site: LiveSite, bob: User) -> Iterator[socket.socket]:
    """The socket of Bob, who breaks no rule."""
    raw = open_socket(live_site, session_of(bob))
    assert json.loads(next_frame(raw)[1])["t"] == "hello"
    yield raw
    raw.close()


def assert_unaffected(site: LiveSite, good: socket.socket, bob: User) -> None:
    conversation = Conversation.objects.create(owner=bob, title="His")
    good.sendall(message("subscribe", conversation=str(conversation.pk), seq={}))
    while json.loads(next_frame(good)[1])["t"] != "branch":
        pass
    assert httpx.get(f"{site.url}/healthz", timeout=30).is_success
    assert "Traceback" not in site.log


@pytest.mark.parametrize(
    "bad_frame",
    [
        (UNMASKED, PROTOCOL_ERROR),
        (RESERVED, PROTOCOL_ERROR),
        (frame(b"x", kind=0x80), PROTOCOL_ERROR),
        (frame(b'"\xff\xfe"'), NOT_UTF8),
        (HUGE, TOO_BIG),
        (frame(b"x" * 2 * MIB), TOO_BIG),
        (frame(b"[" * 2 * MIB, kind=BINARY), TOO_BIG),
    ],
    ids=["unmasked", "reserved", "a lone end", "not UTF-8", "announced", "text", "binary"],
)
def test_a_bad_frame_closes_that_socket_only(
    live_site: LiveSite, alice: User, bob: User, good: socket.socket, bad_frame: tuple[bytes, int]
) -> None:
    data, code = bad_frame
    with open_socket(live_site, session_of(alice)) as bad:
        bad.sendall(data)
        assert close_code(bad) == code
    assert_unaffected(live_site, good, bob)


def test_a_message_of_endless_pieces_is_ended(
    live_site: LiveSite, alice: User, bob: User, good: socket.socket
) -> None:
    with open_socket(live_site, session_of(alice)) as bad:
        bad.sendall(frame(b"x" * 100_000, kind=0x01))
        for _ in range(200):
            bad.sendall(frame(b"x" * 100_000, kind=0x00))
        assert close_code(bad) == TOO_BIG
    assert_unaffected(live_site, good, bob)


def test_a_socket_that_is_cut_in_the_middle_of_a_frame_is_forgotten(
    live_site: LiveSite, alice: User, bob: User, good: socket.socket
) -> None:
    for _ in range(30):  # more than a user may have open at a time
        with open_socket(live_site, session_of(alice)) as bad:
            assert json.loads(next_frame(bad)[1])["t"] == "hello"
            bad.sendall(frame(b"{" * 1000)[:500])
    assert_unaffected(live_site, good, bob)

"""Readers that stall: held back by acknowledgements, so that they cost next to no memory."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings as django_settings

from conversations.models import Connection, Conversation, User
from tests.conftest import make_person, wait_for
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite
from tests.raw_sockets import message, next_frame, open_socket
from tests.sockets import session_of

PEOPLE = 5
SOCKETS_EACH = 10
MAX_GROWTH_KB = 50 * 1024


def resident_kb(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1])


def stalled_socket(site: LiveSite, session_key: str, conversation: Conversation) -> socket.socket:
    """Open a page's socket that reads nothing more once it has subscribed."""
    raw = open_socket(site, session_key, buffer=4096)
    raw.sendall(message("subscribe", conversation=str(conversation.pk), seq={}))
    while json.loads(next_frame(raw)[1])["t"] != "branch":
        pass
    return raw


@pytest.fixture
def stalled(live_site: LiveSite) -> Iterator[list[tuple[User, Conversation]]]:
    sockets: list[socket.socket] = []
    people = []
    for number in range(PEOPLE):
        person = make_person(f"Person{number}")
        conversation = Conversation.objects.create(owner=person, title="Long")
        people.append((person, conversation))
        key = session_of(person)
        sockets += [stalled_socket(live_site, key, conversation) for _ in range(SOCKETS_EACH)]
    yield people
    for raw in sockets:
        raw.close()


def test_fifty_stalled_sockets_cost_little_and_hinder_nobody(
    live_site: LiveSite,
    stalled: list[tuple[User, Conversation]],
    upstream_connection: Connection,
    fake_upstream: FakeUpstream,
) -> None:
    # One paragraph that grows to 300 KB: each flush is a patch, and a snapshot would be all of it.
    fake_upstream.default = behaviours.say(*["and so on " * 100 + "\n\n"] * 300, delay=0.02)
    before = resident_kb(live_site.process.pid)
    for person, conversation in stalled:
        with httpx.Client(base_url=live_site.url, headers={"Referer": live_site.url}) as browser:
            browser.cookies.set(django_settings.SESSION_COOKIE_NAME, session_of(person))
            browser.get("/")
            answer = browser.post(
                f"/c/{conversation.pk}/messages/",
                data={"csrfmiddlewaretoken": browser.cookies["csrftoken"], "text": "Go on"},
            )
            assert answer.status_code == 302
    wait_for(
        lambda: Conversation.objects.filter(answered_at__isnull=False).count() == PEOPLE, timeout=60
    )
    assert resident_kb(live_site.process.pid) - before < MAX_GROWTH_KB
    assert httpx.get(f"{live_site.url}/healthz", timeout=30).is_success

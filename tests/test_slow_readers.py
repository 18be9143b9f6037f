"""Pages that stop reading: acknowledgements bound what the server buffers for them."""

from __future__ import annotations

import contextlib
import json
import re
import socket
from pathlib import Path

import httpx
import pytest
from django.conf import settings as django_settings

from conversations.models import Connection, Conversation, Generation
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
def conversations(transactional_db: None) -> list[Conversation]:
    people = [make_person(f"Person{number}") for number in range(PEOPLE)]
    return [Conversation.objects.create(owner=person, title="Long") for person in people]


def answer_all(site: LiveSite, conversations: list[Conversation]) -> None:
    """Send a message in each conversation, and wait until all are answered."""
    expected = Generation.objects.filter(status="completed").count() + len(conversations)
    for conversation in conversations:
        with httpx.Client(base_url=site.url, headers={"Referer": site.url}, timeout=60) as browser:
            key = session_of(conversation.owner)
            browser.cookies.set(django_settings.SESSION_COOKIE_NAME, key)
            browser.get("/")
            answer = browser.post(
                f"/c/{conversation.pk}/messages/",
                data={"csrfmiddlewaretoken": browser.cookies["csrftoken"], "text": "Go on"},
            )
            assert answer.status_code == 302
    completed = Generation.objects.filter(status="completed")
    wait_for(lambda: completed.count() == expected, timeout=120)


def test_fifty_stalled_sockets_cost_little_and_hinder_nobody(
    live_site: LiveSite,
    conversations: list[Conversation],
    upstream_connection: Connection,
    fake_upstream: FakeUpstream,
) -> None:
    # An answer of 300 KB, because a snapshot of it would be much larger than a patch.
    fake_upstream.default = behaviours.say(*["and so on " * 100 + "\n\n"] * 300, delay=0.02)
    # Everything runs once without readers, because a new server grows by what it loads.
    answer_all(live_site, conversations)
    before = resident_kb(live_site.process.pid)
    with contextlib.ExitStack() as sockets:
        for conversation in conversations:
            key = session_of(conversation.owner)
            for _ in range(SOCKETS_EACH):
                sockets.enter_context(stalled_socket(live_site, key, conversation))
        answer_all(live_site, conversations)
        assert resident_kb(live_site.process.pid) - before < MAX_GROWTH_KB
        assert httpx.get(f"{live_site.url}/healthz", timeout=30).is_success

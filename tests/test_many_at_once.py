"""Fifty messages at once, over HTTP, from many tabs."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from django.conf import settings

from conversations.models import Connection, Generation, Message
from tests.conftest import make_person, wait_for
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite
from tests.sockets import session_of

SENDS = 50
PEOPLE = 10


async def _send_all(url: str, sessions: list[str]) -> list[httpx.Response]:
    limits = httpx.Limits(max_connections=SENDS)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=30) as client:
        token = (await client.get("/accounts/login/")).cookies["csrftoken"]

        async def send(number: int) -> httpx.Response:
            cookies = f"csrftoken={token}; {settings.SESSION_COOKIE_NAME}={sessions[number]}"
            return await client.post(
                "/c/",
                data={"csrfmiddlewaretoken": token, "text": f"Message {number}"},
                headers={"Accept": "application/json", "Cookie": cookies, "Referer": url},
            )

        return await asyncio.gather(*(send(number) for number in range(SENDS)))


@pytest.mark.django_db(transaction=True)
def test_fifty_sends_at_once_all_succeed(
    live_site: LiveSite, upstream_connection: Connection, fake_upstream: FakeUpstream
) -> None:
    people = [make_person(f"Person{number}") for number in range(PEOPLE)]
    # Five each, because no user may have more answers running.
    sessions = [session_of(people[number % PEOPLE]) for number in range(SENDS)]
    answers = asyncio.run(_send_all(live_site.url, sessions))
    assert [answer.status_code for answer in answers] == [201] * SENDS
    wait_for(lambda: Generation.objects.filter(status="completed").count() == SENDS)
    assert Message.objects.filter(role="user").count() == SENDS
    assert len(fake_upstream.requests) == SENDS

"""Answers that are running when the process is killed or asked to stop."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from conversations.generation import journal
from tests.conftest import PASSWORD, wait_for
from tests.fakes.behaviours import Behaviour
from tests.fakes.reply import Reply
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite
from tests.raw_sockets import close_code, open_socket, shake_hands

pytestmark = pytest.mark.database

ANSWERS = 50
PIECE = "word "
SECONDS_BETWEEN = 0.2
SERVICE_RESTART = 1012


@pytest.fixture
def site(tmp_path: Path, empty_database: str, fake_upstream: FakeUpstream) -> Iterator[LiveSite]:
    site = LiveSite(
        tmp_path,
        environment={
            "DATABASE_URL": empty_database,
            "CHATSITE_ADMIN_EMAIL": "rita@example.com",
            "CHATSITE_ADMIN_PASSWORD": PASSWORD,
            "UPSTREAM_BASE_URL": fake_upstream.url,
            "UPSTREAM_API_KEY": "sk-test-0123456789",
            "MAX_RUNNING_ANSWERS": "100",
            "MAX_MESSAGES_PER_MINUTE": "100",
        },
    )
    yield site.start()
    if site.process.poll() is None:
        site.stop(signal.SIGINT)


@pytest.fixture
def http(site: LiveSite) -> Iterator[httpx.Client]:
    """A client in which Rita has signed in."""
    with httpx.Client(base_url=site.url, headers={"Referer": site.url}, timeout=120) as http:
        http.get("/accounts/login/")
        form = {**csrf(http), "login": "rita@example.com", "password": PASSWORD}
        assert http.post("/accounts/login/", data=form).status_code == 302
        yield http


def csrf(http: httpx.Client) -> dict[str, str]:
    return {"csrfmiddlewaretoken": http.cookies["csrftoken"]}


def send(http: httpx.Client, text: str) -> dict[str, Any]:
    answer = http.post(
        "/c/", data={**csrf(http), "text": text}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 201, answer.text
    sent: dict[str, Any] = answer.json()
    return sent


def status_of(article: str) -> str:
    found = re.search(r'data-role="assistant" data-status="(\w+)"', article)
    assert found
    return found[1]


def counting(written: dict[str, int]) -> Behaviour:
    """Send word after word, and count them by the message that they answer."""

    async def behave(reply: Reply) -> None:
        question = str(reply.request.json["messages"][-1]["content"])
        written[question] = 0
        await reply.start()
        while True:
            await reply.delta(content=PIECE)
            written[question] += 1
            await asyncio.sleep(SECONDS_BETWEEN)

    return behave


def markdown(http: httpx.Client, sent: dict[str, Any]) -> str:
    """Return the stored text of an answer."""
    return http.get(f"{sent['url']}messages/{sent['answer']}/?as=markdown").text


def test_kill_9_in_the_middle_of_fifty_answers(
    site: LiveSite, http: httpx.Client, fake_upstream: FakeUpstream
) -> None:
    """Check that answers are stored while they are streamed, and that the text survives."""
    written: dict[str, int] = {}
    fake_upstream.default = counting(written)
    sent = {text: send(http, text) for text in [f"Question {number}" for number in range(ANSWERS)]}
    wait_for(lambda: len(written) == ANSWERS and all(written.values()))
    before = dict(written)

    def stored(question: str) -> int:
        return markdown(http, sent[question]).count(PIECE.strip())

    for question in sent:
        wait_for(lambda: stored(question) >= before[question], timeout=60)  # noqa: B023
    site.process.kill()
    site.process.wait()
    restarted = site.start()
    assert "50 answers were cut off" in restarted.log
    for question, each in sent.items():
        page = article_page(http, each["url"])
        assert status_of(page) == "interrupted"
        assert question in page
        assert stored(question) >= before[question]


def test_answers_are_stored_at_least_once_a_second() -> None:
    assert journal.INTERVAL <= 1


def article_page(http: httpx.Client, url: str) -> str:
    page = http.get(url)
    assert page.status_code == 200
    return page.text


def test_sigterm_lets_answers_end(
    site: LiveSite, http: httpx.Client, fake_upstream: FakeUpstream
) -> None:
    gate = fake_upstream.hold("Nearly")
    sent = send(http, "Hello")
    assert gate.wait_reached()
    session = http.cookies["sessionid"]
    with open_socket(site, session) as page:
        site.process.send_signal(signal.SIGTERM)
        wait_for(lambda: http.get("/readyz").status_code == 503)
        refused = http.post(
            "/c/", data={**csrf(http), "text": "More"}, headers={"Accept": "application/json"}
        )
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "restarting")
        late, answer = shake_hands(site, session)
        late.close()
        assert not answer.startswith(b"HTTP/1.1 101")
        gate.release()
        assert close_code(page) == SERVICE_RESTART
    assert site.process.wait(60) == 0
    site.start()
    assert status_of(article_page(http, sent["url"])) == "completed"


def test_ctrl_c_interrupts_and_keeps_the_text(
    site: LiveSite, http: httpx.Client, fake_upstream: FakeUpstream
) -> None:
    gate = fake_upstream.hold("Half of it")
    sent = send(http, "Hello")
    assert gate.wait_reached()
    wait_for(lambda: "Half of it" in markdown(http, sent))
    assert site.stop(signal.SIGINT, timeout=30) == 0
    assert "Traceback" not in site.log
    site.start()
    page = article_page(http, sent["url"])
    assert status_of(page) == "interrupted"
    assert "Half of it" in page

"""What becomes of answers when the process ends: killed, or asked to."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import PASSWORD
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite

pytestmark = pytest.mark.database

ANSWERS = 50
PIECE = "word "
SECONDS_BETWEEN = 0.05


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
    assert site.manage("migrate", "-v0").returncode == 0
    yield site.start()
    if site.process.poll() is None:
        site.stop(signal.SIGINT)


@pytest.fixture
def http(site: LiveSite) -> Iterator[httpx.Client]:
    """Rita's browser, signed in."""
    with httpx.Client(base_url=site.url, headers={"Referer": site.url}, timeout=30) as http:
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


def test_kill_9_in_the_middle_of_fifty_answers(
    site: LiveSite, http: httpx.Client, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.default = behaviours.say(*[PIECE] * 2000, delay=SECONDS_BETWEEN)
    sent = [send(http, f"Question {number}") for number in range(ANSWERS)]
    fake_upstream.wait_for_requests(ANSWERS)
    time.sleep(3)
    began = [request.time for request in fake_upstream.requests]
    site.process.kill()
    killed = time.monotonic()
    site.process.wait()
    restarted = site.start()
    for each, start in zip(sent, sorted(began), strict=True):
        page = article_page(http, each["url"])
        assert status_of(page) == "interrupted"
        assert "Question" in page
        markdown = http.get(f"{each['url']}messages/{each['answer']}/?as=markdown").text
        written = (killed - start - 1) / SECONDS_BETWEEN
        # A busy machine sends more slowly than it was told: half of the pace is surely there.
        assert markdown.count("word") >= written * 0.5 - 1
    assert "50 answers were cut off" in restarted.log


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
    site.process.send_signal(signal.SIGTERM)
    for _ in range(100):
        if http.get("/readyz").status_code == 503:
            break
        time.sleep(0.02)
    refused = http.post(
        "/c/", data={**csrf(http), "text": "More"}, headers={"Accept": "application/json"}
    )
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "restarting")
    gate.release()
    assert site.process.wait(15) == 0
    site.start()
    page = article_page(http, sent["url"])
    assert status_of(page) == "completed"


def test_ctrl_c_interrupts_and_keeps_the_text(
    site: LiveSite, http: httpx.Client, fake_upstream: FakeUpstream
) -> None:
    gate = fake_upstream.hold("Half of it")
    sent = send(http, "Hello")
    assert gate.wait_reached()
    time.sleep(0.2)
    assert site.stop(signal.SIGINT, timeout=8) == 0
    assert "Traceback" not in site.log
    site.start()
    page = article_page(http, sent["url"])
    assert status_of(page) == "interrupted"
    assert "Half of it" in page

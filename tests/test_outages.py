"""A database that is locked, read-only, full or unreachable, and serves again later."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import signal
import sqlite3
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.conftest import PASSWORD, wait_for
from tests.databases import database_url
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite

Outage = Callable[[LiveSite, Path], AbstractContextManager[None]]
JSON = {"Accept": "application/json"}
# The engine logs this when the end of an answer cannot be recorded.
WAITS = "an answer waits for it"
SENTENCES = {
    "en": "this wasn’t saved. Your text is kept",
    "zh-hans": "这条内容未能保存。你的文字仍在",
}


@contextlib.contextmanager
def locked(site: LiveSite, database: Path) -> Iterator[None]:
    """Lock the database by another process, for longer than the busy timeout."""
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextlib.contextmanager
def read_only_file(site: LiveSite, database: Path) -> Iterator[None]:
    """Make the database file read-only; SQLite creates its journals with the same mode."""
    database.chmod(0o400)
    yield
    database.chmod(0o600)


@contextlib.contextmanager
def read_only_folder(site: LiveSite, database: Path) -> Iterator[None]:
    mode = stat.S_IMODE(database.parent.stat().st_mode)
    database.chmod(0o400)
    database.parent.chmod(0o500)
    yield
    database.parent.chmod(mode)
    database.chmod(0o600)


@contextlib.contextmanager
def full(site: LiveSite, database: Path) -> Iterator[None]:
    """Keep every file of the server from growing, as a full disk does."""
    before = resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (1, before[1]))
    yield
    with contextlib.suppress(ProcessLookupError):
        resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, before)


@contextlib.contextmanager
def away(site: LiveSite, database: Path) -> Iterator[None]:
    """Let PostgreSQL end every connection and refuse new ones."""
    name = sql.Identifier(database.name)
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(database_url("postgres"), autocommit=True) as server:
        server.execute(allow.format(name, sql.SQL("false")))
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [database.name],
        )
        yield
        server.execute(allow.format(name, sql.SQL("true")))


OUTAGES: list[Outage] = (
    [away]
    if os.environ.get("DATABASE_URL", "").startswith("postgres")
    else [locked, read_only_file, read_only_folder, full]
)


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
            "MAX_MESSAGES_PER_MINUTE": "1000",
        },
        held_to_permissions=True,
    )
    yield site.start()
    if site.process.poll() is None:
        site.stop(signal.SIGINT)


@pytest.fixture
def http(site: LiveSite) -> Iterator[httpx.Client]:
    """A client in which Rita has signed in."""
    with httpx.Client(base_url=site.url, headers={"Referer": site.url}, timeout=60) as http:
        http.get("/accounts/login/")
        form = {**csrf(http), "login": "rita@example.com", "password": PASSWORD}
        assert http.post("/accounts/login/", data=form).status_code == 302
        yield http


@pytest.fixture
def database(tmp_path: Path, empty_database: str) -> Path:
    """The path of the database file; on PostgreSQL the name of the database."""
    return Path(empty_database.removeprefix("sqlite:///"))


def csrf(http: httpx.Client) -> dict[str, str]:
    return {"csrfmiddlewaretoken": http.cookies["csrftoken"]}


def send(http: httpx.Client, text: str, **headers: str) -> httpx.Response:
    return http.post("/c/", data={**csrf(http), "text": text}, headers=headers)


@pytest.mark.database
@pytest.mark.parametrize("outage", OUTAGES, ids=lambda outage: outage.__name__)
def test_an_outage_is_told_and_passes(
    outage: Outage,
    site: LiveSite,
    http: httpx.Client,
    database: Path,
    fake_upstream: FakeUpstream,
) -> None:
    gate = fake_upstream.hold("Half of it")
    sent = [accepted(http, "Before")]
    assert gate.wait_reached()
    with outage(site, database):
        for language, sentence in SENTENCES.items():
            http.cookies.set("django_language", language)
            refused = wait_for(lambda: refusal(http, sent), timeout=60)
            assert refused.json()["error"]["code"] == "database"
            assert refused.headers["Retry-After"]
            assert sentence in refused.json()["error"]["message"]
            if outage is locked:
                break  # each request waits for the whole busy timeout
        gate.release()
        if outage is not locked:  # there a write waits for the lock and logs nothing yet
            wait_for(lambda: WAITS in site.log or finished(http, sent[0]), timeout=60)
    sent.append(wait_for(lambda: accepted(http, "After"), timeout=60))
    pages = [wait_for(lambda: finished(http, each), timeout=60) for each in sent]  # noqa: B023
    assert "Half of it" in pages[0]


@pytest.mark.database
@pytest.mark.parametrize("outage", OUTAGES, ids=lambda outage: outage.__name__)
def test_it_ends_although_the_database_does_not_come_back(
    outage: Outage,
    site: LiveSite,
    http: httpx.Client,
    database: Path,
    fake_upstream: FakeUpstream,
) -> None:
    """Stop by SIGINT, because SIGTERM does the same half a minute later."""
    gate = fake_upstream.hold("Half of it")
    sent = [accepted(http, "Before")]
    assert gate.wait_reached()
    wait_for(lambda: "Half of it" in markdown(http, sent[0]))
    with outage(site, database):
        wait_for(lambda: refusal(http, sent), timeout=60)
        assert site.stop(signal.SIGINT, timeout=120) == 0
    gate.release()
    site.start()
    page = http.get(sent[0]["url"]).text
    assert 'data-status="interrupted"' in page
    assert "Half of it" in page


@pytest.mark.database
def test_a_second_signal_does_not_wait_for_anything(
    site: LiveSite, http: httpx.Client, database: Path, fake_upstream: FakeUpstream
) -> None:
    gate = fake_upstream.hold("Half of it")
    sent = [accepted(http, "Before")]
    assert gate.wait_reached()
    with OUTAGES[0](site, database), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(send, http, "During", **JSON)
        site.process.send_signal(signal.SIGTERM)
        wait_for(lambda: httpx.get(f"{site.url}/readyz").status_code == 503)
        assert site.stop(signal.SIGTERM) == 0
        assert not gate.is_released
        gate.release()
        with contextlib.suppress(httpx.TransportError):
            waiting.result()
    assert sent


def refusal(http: httpx.Client, sent: list[dict[str, Any]]) -> httpx.Response | None:
    """Return a 503, or None as long as the server can still write to a file that it has open."""
    answer = send(http, "During", **JSON)
    if answer.status_code == 201:
        sent.append(answer.json())
        return None
    assert answer.status_code == 503, answer.text
    return answer


def accepted(http: httpx.Client, text: str) -> dict[str, Any]:
    """Return what was sent; empty while the database does not serve."""
    answer = send(http, text, **JSON)
    return dict(answer.json()) if answer.status_code == 201 else {}


def markdown(http: httpx.Client, sent: dict[str, Any]) -> str:
    return http.get(f"{sent['url']}messages/{sent['answer']}/?as=markdown").text


def finished(http: httpx.Client, sent: dict[str, Any]) -> str | None:
    page = http.get(sent["url"])
    found = re.search(r'data-role="assistant" data-status="(\w+)"', page.text)
    return page.text if found and found[1] == "completed" else None


@pytest.mark.parametrize("language", SENTENCES)
def test_a_plain_form_gets_its_text_back(
    language: str, site: LiveSite, http: httpx.Client, database: Path
) -> None:
    outage = OUTAGES[-1]
    http.cookies.set("django_language", language)
    with outage(site, database):
        refused = http.post(
            "/c/",
            data={**csrf(http), "text": "<b>Two\nlines", "temperature": "1"},
            headers={"Accept-Language": language},
        )
    assert refused.status_code == 503
    assert SENTENCES[language] in refused.text
    assert "\n&lt;b&gt;Two\nlines</textarea>" in refused.text
    assert '<input type="hidden" name="temperature" value="1">' in refused.text
    assert "default-src 'none'" in refused.headers["Content-Security-Policy"]


def test_a_password_is_not_written_into_the_page(
    site: LiveSite, http: httpx.Client, database: Path
) -> None:
    with OUTAGES[-1](site, database):
        refused = http.post(
            "/accounts/password/change/",
            data={
                **csrf(http),
                "oldpassword": PASSWORD,
                "password1": "another long phrase",
                "password2": "another long phrase",
            },
        )
    assert refused.status_code == 503
    assert PASSWORD not in refused.text
    assert "another long phrase" not in refused.text

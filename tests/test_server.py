"""``manage.py serve`` as a process: how it starts, refuses requests and stops."""

from __future__ import annotations

import json
import re
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from tests.databases import new_database
from tests.live import LiveSite, serving


@pytest.fixture(scope="module")
def shared_site(
    tmp_path_factory: pytest.TempPathFactory, migrated_database: str
) -> Iterator[LiveSite]:
    """A server for the tests that leave nothing behind in it."""
    folder = tmp_path_factory.mktemp("shared")
    with new_database(folder, migrated_database) as url, serving(folder, url) as site:
        yield site


def test_it_says_where_it_is_and_stops_cleanly(fresh_site: LiveSite) -> None:
    assert f"Chatsite is at {fresh_site.url}" in fresh_site.log
    assert re.search(r"this code, once: \S+", fresh_site.log)
    assert httpx.get(f"{fresh_site.url}/healthz").text == "ok\n"
    assert fresh_site.stop(signal.SIGINT) == 0
    assert "Traceback" not in fresh_site.log


def test_secrets_are_the_owners_only(fresh_site: LiveSite, tmp_path: Path) -> None:
    for name in ("secret-key", "encryption-key", "setup-code", "lock"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_server_that_others_reach_says_how_they_open_it(tmp_path: Path) -> None:
    words = "Other machines cannot open it yet: set PUBLIC_URL"
    for environment, is_said in (
        ({"HOST": "0.0.0.0"}, True),
        ({"HOST": "0.0.0.0", "PUBLIC_URL": "http://chat.example.org"}, False),
    ):
        site = LiveSite(tmp_path, environment=environment)
        site.start().stop(signal.SIGINT)
        assert (words in site.log) is is_said


def test_a_second_server_on_the_same_data_is_refused(shared_site: LiveSite) -> None:
    second = shared_site.manage("serve")
    assert second.returncode == 1
    assert "Another Chatsite already serves" in second.stderr


@pytest.mark.parametrize("key", ["short", "a" * 60, "django-insecure-" + "abcdefgh" * 8])
def test_a_weak_secret_refuses_to_start(tmp_path: Path, key: str) -> None:
    refused = LiveSite(tmp_path, environment={"SECRET_KEY": key}).manage("check")
    assert refused.returncode != 0
    assert "SECRET_KEY is weak or a default" in refused.stderr


def test_a_bad_encryption_key_refuses_to_start(tmp_path: Path) -> None:
    refused = LiveSite(tmp_path, environment={"FIELD_ENCRYPTION_KEYS": "x"}).manage("check")
    assert refused.returncode != 0
    assert "FIELD_ENCRYPTION_KEYS must be" in refused.stderr


def test_a_database_that_is_not_known_refuses_to_start(tmp_path: Path) -> None:
    refused = LiveSite(tmp_path, environment={"DATABASE_URL": "mysql://h/chat"}).manage("check")
    assert refused.returncode != 0
    assert "DATABASE_URL must begin with postgres://" in refused.stderr


def test_an_empty_database_url_is_none(tmp_path: Path) -> None:
    checked = LiveSite(tmp_path, environment={"DATABASE_URL": ""}).manage("check")
    assert checked.returncode == 0, checked.stderr


def test_secrets_may_come_from_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("changeme")
    refused = LiveSite(tmp_path, environment={"SECRET_KEY_FILE": str(secret)}).manage("check")
    assert "SECRET_KEY is weak or a default" in refused.stderr


def test_an_address_in_use_is_told(shared_site: LiveSite, tmp_path: Path) -> None:
    other = LiveSite(tmp_path, environment={"PORT": str(shared_site.port)})
    refused = other.manage("serve")
    assert refused.returncode == 1
    assert "Set HOST and PORT to a free address" in refused.stderr


def test_a_large_body_is_refused_before_it_is_read(shared_site: LiveSite) -> None:
    with socket.create_connection(("127.0.0.1", shared_site.port)) as raw:
        head = (
            "POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999999999\r\n\r\n"
        )
        raw.sendall(head.encode())
        assert raw.recv(1000).startswith(b"HTTP/1.1 413")


def test_a_large_body_without_a_length_is_refused(shared_site: LiveSite) -> None:
    with socket.create_connection(("127.0.0.1", shared_site.port), timeout=30) as raw:
        raw.sendall(
            b"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        for _ in range(settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 0x10000 + 1):
            raw.sendall(chunk)
        assert raw.recv(1000).startswith(b"HTTP/1.1 413")
    assert httpx.get(f"{shared_site.url}/healthz").is_success


def test_a_foreign_host_is_refused(shared_site: LiveSite) -> None:
    """Check the advice in the browser's language, and that nothing is logged."""
    sentences = {"en": "sets PUBLIC_URL to the address", "zh-CN": "把 PUBLIC_URL 设为"}
    for language, words in sentences.items():
        answer = httpx.get(
            f"{shared_site.url}/setup/",
            headers={"Host": "evil.example", "Accept-Language": language},
        )
        assert answer.status_code == 400
        assert "evil.example" in answer.text
        assert words in answer.text
    assert "Traceback" not in shared_site.log
    assert "evil.example" not in shared_site.log


def test_static_files_are_compressed_and_kept(shared_site: LiveSite) -> None:
    page = httpx.get(f"{shared_site.url}/setup/").text
    found = re.search(r'href="(/static/css/app\.[0-9a-f]{12}\.css)"', page)
    assert found
    sheet = httpx.get(f"{shared_site.url}{found[1]}", headers={"Accept-Encoding": "br"})
    assert sheet.headers["content-encoding"] == "br"
    assert "immutable" in sheet.headers["cache-control"]
    assert "@import" not in sheet.text
    assert httpx.get(f"{shared_site.url}/static/none.css").status_code == 404


def test_the_environment_sets_an_installation_up(tmp_path: Path) -> None:
    site = LiveSite(
        tmp_path,
        environment={
            "CHATSITE_ADMIN_EMAIL": "root@example.com",
            "CHATSITE_ADMIN_PASSWORD": "a long enough phrase",
            "UPSTREAM_API_KEY": "sk-from-the-environment",
            "UPSTREAM_AUTH": "bearer",
        },
    )
    site.start()
    answer = httpx.get(f"{site.url}/", follow_redirects=True)
    assert "/accounts/login/" in str(answer.url)
    assert "this code" not in site.log
    shell = site.manage(
        "shell", "-c",
        "import json; from conversations.models import Connection;"
        "print(json.dumps([[c.source, c.auth_style] for c in Connection.objects.all()]))",
    )  # fmt: skip
    assert site.stop() == 0
    assert ["environment", "bearer"] in json.loads(shell.stdout.strip().splitlines()[-1])
    assert "sk-from-the-environment" not in site.log

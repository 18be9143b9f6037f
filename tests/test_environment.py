"""The environment as an operator writes it, read by the real settings and the real server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.live import LiveSite

PUBLIC = "https://chat.example.org"
# A proxy that speaks HTTPS to the browser, at another address of the same machine.
FORWARDED = {
    "Host": "chat.example.org",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "203.0.113.7",
}
PAGE = "/setup/"


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[LiveSite]:
    site = LiveSite(folder, environment=environment)
    assert site.manage("migrate", "-v0").returncode == 0
    site.start()
    try:
        yield site
    finally:
        site.stop()


def written(path: Path, text: str) -> str:
    path.write_bytes(text.encode())
    return str(path)


def settings_of(site: LiveSite, *names: str) -> list[object]:
    """Return settings as a process of the installation reads them."""
    code = (
        "import json; from django.conf import settings;"
        f"print(json.dumps([getattr(settings, name) for name in {names}], default=str))"
    )
    shell = site.manage("shell", "-c", code)
    assert shell.returncode == 0, shell.stderr
    found: list[object] = json.loads(shell.stdout.strip().splitlines()[-1])
    return found


def test_lists_may_have_blanks_and_files_end_in_a_line(tmp_path: Path) -> None:
    environment = {
        "TRUSTED_PROXIES": " 10.0.0.1, 127.0.0.0/8,, ::ffff:192.0.2.1 ",
        "UPSTREAM_ALLOWED_HOSTS": "a.local, b.local",
        "TOOL_ALLOWED_HOSTS_FILE": written(tmp_path / "hosts", "a.local:8080 , b.local\r\n"),
        "PUBLIC_URL_FILE": written(tmp_path / "url", f"{PUBLIC}\n"),
        "UPSTREAM_AUTH_FILE": written(tmp_path / "auth", "bearer\n"),
        # One line end is the editor's; what stands before it was meant.
        "CHATSITE_ADMIN_PASSWORD_FILE": written(tmp_path / "password", " two\n\n"),
        "UPSTREAM_API_KEY_FILE": written(tmp_path / "key", "sk-without-a-line-end"),
    }
    site = LiveSite(tmp_path, environment=environment)
    assert settings_of(
        site, "TRUSTED_PROXIES", "UPSTREAM_ALLOWED_HOSTS", "TOOL_ALLOWED_HOSTS",
        "PUBLIC_URL", "UPSTREAM_AUTH", "CHATSITE_ADMIN_PASSWORD", "UPSTREAM_API_KEY",
    ) == [
        ["10.0.0.1/32", "127.0.0.0/8", "192.0.2.1/32"], ["a.local", "b.local"],
        ["a.local:8080", "b.local"], PUBLIC, "bearer", " two\n", "sk-without-a-line-end",
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["check", "serve"])
@pytest.mark.parametrize("entry", ["proxy.local", "10.0.0.0/33", "127.0.0.1:80"])
def test_what_is_no_network_refuses_to_start(tmp_path: Path, command: str, entry: str) -> None:
    site = LiveSite(tmp_path, environment={"TRUSTED_PROXIES": f"127.0.0.1, {entry}"})
    refused = site.manage(command)
    assert refused.returncode == 1
    assert f"TRUSTED_PROXIES has '{entry}'" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_file_that_cannot_be_read_refuses_to_start(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for path, reason in (
        (tmp_path / "none", "No such file or directory"),
        (tmp_path, "Is a directory"),
        (tmp_path / "binary", "it is not UTF-8 text"),
    ):
        site = LiveSite(tmp_path, environment={"UPSTREAM_API_KEY_FILE": str(path)})
        refused = site.manage("serve")
        assert refused.returncode == 1
        sentence = f"UPSTREAM_API_KEY_FILE names {path}, which cannot be read: {reason}."
        assert refused.stderr == f"Chatsite is not configured: {sentence}\n"


def test_a_password_from_a_file_opens_the_door(tmp_path: Path) -> None:
    password = written(tmp_path / "password", "Correct-Horse-99\n")
    fields = {"login": "root@example.com", "password": "Correct-Horse-99"}
    environment = {
        "CHATSITE_ADMIN_EMAIL": fields["login"],
        "CHATSITE_ADMIN_PASSWORD_FILE": password,
    }
    with (
        served(tmp_path, **environment) as site,
        httpx.Client(base_url=site.url, timeout=30) as http,
    ):
        page = http.get("/accounts/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token
        answer = http.post("/accounts/login/", data={**fields, "csrfmiddlewaretoken": token[1]})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_a_trusted_proxy_is_believed_in_each_form_of_its_address(tmp_path: Path) -> None:
    """A socket on :: reports an IPv4 peer as an IPv6 address; a network has blanks beside it."""
    environment = {"HOST": "::", "PUBLIC_URL": PUBLIC, "TRUSTED_PROXIES": "10.0.0.1, 127.0.0.0/8"}
    with served(tmp_path, **environment) as site:
        answer = httpx.get(f"{site.url}{PAGE}", headers=FORWARDED)
        assert answer.status_code == 200
        assert "Strict-Transport-Security" in answer.headers
        by_http = httpx.get(f"{site.url}{PAGE}", headers=FORWARDED | {"X-Forwarded-Proto": "http"})
        assert (by_http.status_code, by_http.headers["Location"]) == (301, f"{PUBLIC}{PAGE}")
        without = {name: FORWARDED[name] for name in ("Host", "X-Forwarded-For")}
        unsaid = httpx.get(f"{site.url}{PAGE}", headers=without)
        assert unsaid.status_code == 400
        assert "X-Forwarded-Proto" in unsaid.text
    assert site.log.count("The proxy 127.0.0.1 passed on a request") == 1


def test_a_proxy_that_is_not_trusted_is_told_and_not_redirected_for_ever(tmp_path: Path) -> None:
    with served(tmp_path, PUBLIC_URL=PUBLIC, TRUSTED_PROXIES="10.0.0.1") as site:
        for language, words in (("en", "to TRUSTED_PROXIES"), ("zh-CN", "加入 TRUSTED_PROXIES")):
            headers = FORWARDED | {"Accept-Language": language}
            answer = httpx.get(f"{site.url}{PAGE}", headers=headers)
            assert answer.status_code == 400
            assert words in answer.text
            assert "127.0.0.1" not in answer.text
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert "no-store" in answer.headers["Cache-Control"]
        assert httpx.get(f"{site.url}/healthz", headers=FORWARDED).status_code == 200
        direct = httpx.get(f"{site.url}{PAGE}", headers={"Host": "chat.example.org"})
        assert (direct.status_code, direct.headers["Location"]) == (301, f"{PUBLIC}{PAGE}")
    lines = [line for line in site.log.splitlines() if "TRUSTED_PROXIES" in line]
    assert len(lines) == 1
    assert f"127.0.0.1 passed on a request for {PUBLIC}, but is not among" in lines[0]

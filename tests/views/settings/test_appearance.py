from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from conversations.models import User
from tests.html import tight

SignedIn = Callable[[User], Client]
PATH = "/settings/appearance/"
JSON = {"accept": "application/json"}
PLAIN = {"sending": "enter", "uses_shortcuts": "on", "shows_usage": "on"}


def html(client: Client, path: str = PATH) -> str:
    return client.get(path).content.decode()


def start(page: str) -> str:
    """Return the <html> tag of a page."""
    return tight(page[page.index("<html") : page.index("<head")])


def test_without_a_choice_the_device_and_the_browser_decide(
    alice: User, signed_in: SignedIn
) -> None:
    page = html(signed_in(alice))
    assert start(page) == '<html lang="en">'
    assert '<meta name="color-scheme" content="light dark">' in page
    assert 'lang="zh-CN"' in start(
        html(Client(headers={"accept-language": "zh"}), "/accounts/login/")
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_theme_is_in_the_first_bytes_of_every_page(
    alice: User, signed_in: SignedIn, theme: str
) -> None:
    client = signed_in(alice)
    assert client.post(PATH, {**PLAIN, "theme": theme}, headers=JSON).json() == {
        "saved": "Saved",
        "reload": False,
    }
    for path in ("/", PATH, "/settings/profile/", "/c/00000000-0000-7000-8000-000000000000/"):
        page = html(client, path)
        assert f'data-theme="{theme}"' in start(page)
        assert f'<meta name="color-scheme" content="{theme}">' in page
    client.logout()
    assert "data-theme" not in html(client, "/accounts/login/")


def test_language_follows_the_choice_and_again_the_browser(
    alice: User, signed_in: SignedIn
) -> None:
    client = signed_in(alice)
    client.post("/language/", {"language": "en"})
    chosen = client.post(PATH, {**PLAIN, "language": "zh-hans"}, headers=JSON)
    assert chosen.json() == {"reload": True}
    page = html(client)
    assert 'lang="zh-CN"' in start(page)
    assert "已保存" in page
    client.post(PATH, {**PLAIN, "language": ""})
    assert 'lang="zh-CN"' in start(
        client.get(PATH, headers={"accept-language": "zh"}).content.decode()
    )
    assert 'lang="en"' in start(html(client))


def test_preferences_are_kept_and_told_to_the_scripts(alice: User, signed_in: SignedIn) -> None:
    client = signed_in(alice)
    response = client.post(PATH, {"sending": "ctrl-enter", "reads_sentences": "on"})
    assert response["Location"] == PATH
    page = html(client)
    assert "Saved" in page
    for attribute in ("send-with=ctrl-enter", "shortcuts=off", "usage=hidden"):
        name, value = attribute.split("=")
        assert f'data-{name}="{value}"' in start(page)
    alice.refresh_from_db()
    assert (alice.sends_with_enter, alice.uses_shortcuts) == (False, False)
    assert (alice.reads_sentences, alice.shows_usage) == (True, False)
    client.post(PATH, PLAIN)
    assert start(html(client)) == '<html lang="en">'


@pytest.mark.parametrize(
    "wrong", [{"theme": "blue"}, {"language": "de"}, {"sending": "shift"}, {"sending": ""}]
)
def test_what_is_not_offered_is_refused_and_nothing_changes(
    alice: User, signed_in: SignedIn, wrong: dict[str, str]
) -> None:
    client = signed_in(alice)
    response = client.post(PATH, {**PLAIN, "theme": "dark", **wrong}, headers=JSON)
    assert response.status_code == 422
    assert "Reload the page" in response.json()["error"]["message"]
    assert "Reload the page" in client.post(PATH, {**PLAIN, **wrong}, follow=True).content.decode()
    alice.refresh_from_db()
    assert (alice.theme, alice.language, alice.sends_with_enter) == ("", "", True)


def test_choices_of_one_person_are_nobody_elses(
    alice: User, bob: User, signed_in: SignedIn
) -> None:
    signed_in(alice).post(PATH, {**PLAIN, "theme": "dark"})
    bob.refresh_from_db()
    assert bob.theme == ""
    referer = {"Referer": f"http://testserver{PATH}"}
    signed_out = Client().post(PATH, PLAIN, headers=referer)
    assert signed_out["Location"] == f"/accounts/login/?next={PATH}"


@pytest.mark.parametrize("debug", [False, True])
def test_design_page_has_a_route_only_under_debug(tmp_path: Path, debug: bool) -> None:
    code = (
        "import django; django.setup(); from django.urls import is_valid_path; "
        "print(bool(is_valid_path('/settings/design/')))"
    )
    environment = {
        "DATA_DIR": str(tmp_path),
        "DEBUG": str(debug),
        "DJANGO_SETTINGS_MODULE": "chatsite.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{debug}\n"


def test_design_page_is_for_administrators(alice: User, rita: User, signed_in: SignedIn) -> None:
    assert signed_in(alice).get("/settings/design/").status_code == 403
    page = html(signed_in(rita), "/settings/design/")
    for state in ("completed", "queued", "running", "stopped", "interrupted", "failed"):
        assert f'data-status="{state}"' in page
    assert "<math" in page
    assert 'class="n"' in page

"""The connection test over a real socket: a sentence for every outcome."""

from __future__ import annotations

import socket
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from conversations.actions import connections
from conversations.actions.connections import ConnectionFields
from conversations.models import Connection, LanguageModel, User
from conversations.upstream.verification import Verification, VerificationKind
from conversations.views.display.connection_sentences import report
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream

pytestmark = pytest.mark.django_db
KEY = "sk-test-0123456789-last"
SignIn = Callable[[User], Client]


def connect(base_url: str, owner: User | None = None, **changed: Any) -> Connection:
    fields = ConnectionFields(**{"name": "Fake", "base_url": base_url, "key": KEY, **changed})
    return connections.create(owner=owner, fields=fields)


def run(browser: Client, connection: Connection, model: str = "gpt-4o") -> str:
    path = reverse("connection_test", args=[connection.pk])
    page = browser.post(path, {"model": model}, follow=True).content.decode()
    return unescape(page).replace("\n", " ")


@pytest.mark.parametrize("auth_style", ["x-api-key", "bearer"])
def test_an_answer_passes_and_exactly_one_header_is_sent(
    rita: User, signed_in: SignIn, fake_upstream: FakeUpstream, auth_style: str
) -> None:
    fake_upstream.key, fake_upstream.auth = KEY, auth_style
    page = run(signed_in(rita), connect(fake_upstream.url, auth_style=auth_style))
    assert "Reached in" in page
    assert "gpt-4o answered." in page
    headers = {name.lower(): value for name, value in fake_upstream.requests[0].headers.items()}
    sent = {name: headers[name] for name in ("x-api-key", "authorization") if name in headers}
    expected = (
        {"x-api-key": KEY} if auth_style == "x-api-key" else {"authorization": f"Bearer {KEY}"}
    )
    assert sent == expected
    assert fake_upstream.bodies == [
        {
            "model": "gpt-4o",
            "messages": [{"role": "user", "content": "Hello, how are you?"}],
            "max_tokens": 1024,
            "temperature": 0.7,
        }
    ]


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (behaviours.fail(401, f"bad key {KEY}"), "refused the key, with either header. Replace"),
        (
            behaviours.fail(
                404, {"error": {"message": "no such model", "code": "model_not_found"}}
            ),
            "The key works, but the server refused gpt-4o",
        ),
        (behaviours.fail(429), "asks for a pause"),
        (behaviours.fail(500), "had an error"),
        (
            behaviours.body(b"<!doctype html><p>Hi", content_type="text/html"),
            "not an API. Check the base URL",
        ),
        (behaviours.fail(302, b"", {"location": "https://example.org"}), "not an API"),
        (
            behaviours.fail(
                429, {"error": {"message": "You exceeded", "code": "insufficient_quota"}}
            ),
            "quota is used up",
        ),
    ],
    ids=["key", "model", "rate", "broken", "html", "redirect", "quota"],
)
def test_each_failure_has_its_sentence(
    rita: User,
    signed_in: SignIn,
    fake_upstream: FakeUpstream,
    behaviour: behaviours.Behaviour,
    words: str,
) -> None:
    # A key that is refused is tried with the other header too.
    fake_upstream.script(behaviour, behaviour)
    page = run(signed_in(rita), connect(fake_upstream.url))
    assert words in page
    assert 'role="status"' in page
    assert KEY not in page
    assert "Use https://api.agentpivot.ai" not in page


def test_the_header_that_works_is_kept(
    rita: User, signed_in: SignIn, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.script(behaviours.fail(401, "no"), behaviours.say("Fine."))
    connection = connect(fake_upstream.url)
    assert "Reached" in run(signed_in(rita), connection)
    connection.refresh_from_db()
    assert connection.auth_style == "bearer"


def test_a_managed_connection_is_tested_with_its_own_header(
    rita: User, signed_in: SignIn, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.script(behaviours.fail(401, "no"), behaviours.say("Fine."))
    connection = connect(fake_upstream.url)
    Connection.objects.update(source=Connection.Source.ENVIRONMENT)
    assert "refused the key" in run(signed_in(rita), connection)
    assert len(fake_upstream.requests) == 1


def test_a_server_that_is_not_there_is_unreachable(rita: User, signed_in: SignIn) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    assert "cannot be reached" in run(signed_in(rita), connect(url))


def test_an_own_connection_is_guarded_at_each_use(
    alice: User, signed_in: SignIn, fake_upstream: FakeUpstream, settings: Settings
) -> None:
    own = connect(fake_upstream.url, alice)
    assert "begins with https://" in run(signed_in(alice), own)
    secure = connect(fake_upstream.url.replace("http:", "https:"), alice)
    assert "not on the public internet" in run(signed_in(alice), secure)
    assert not fake_upstream.requests
    settings.UPSTREAM_ALLOWED_HOSTS = ["127.0.0.1"]
    assert "gpt-4o answered." in run(signed_in(alice), own)


def test_a_key_that_no_longer_opens_is_told(
    rita: User, signed_in: SignIn, fake_upstream: FakeUpstream, settings: Settings
) -> None:
    connection = connect(fake_upstream.url)
    settings.FIELD_ENCRYPTION_KEYS = ["6cKb1tN1pmD6ZxYwIbyJx2V3rGSkXwdkWvcTzYuWf1E="]
    assert "encryption key has changed" in run(signed_in(rita), connection)


def test_a_connection_without_a_model_is_told(
    rita: User, signed_in: SignIn, fake_upstream: FakeUpstream
) -> None:
    voice = LanguageModel.objects.get(name="gpt-realtime")
    narrowed = connect(fake_upstream.url, serves_all_models=False, served_models=[voice])
    assert "nothing to test it with" in run(signed_in(rita), narrowed)
    assert not fake_upstream.requests


def test_a_model_that_cannot_be_tested_with_is_not_sent(
    rita: User, signed_in: SignIn, fake_upstream: FakeUpstream
) -> None:
    run(signed_in(rita), connect(fake_upstream.url), model="gpt-realtime")
    assert fake_upstream.bodies[0]["model"] == "gpt-5.4"


def test_saving_may_test_at_once(
    rita: User, signed_in: SignIn, fake_upstream: FakeUpstream
) -> None:
    data = {
        "name": "New",
        "base_url": fake_upstream.url,
        "auth_style": "bearer",
        "key": KEY,
        "serves_all_models": "on",
        "test": "on",
    }
    path = reverse("team_connection_create")
    page = signed_in(rita).post(path, data, follow=True).content.decode()
    assert "gpt-5.4 answered." in page
    assert "answered." not in signed_in(rita).get(reverse("settings_connections")).content.decode()


@pytest.mark.parametrize("reason", ["html", "redirect", "not_found"])
def test_the_sign_in_address_offers_the_api_in_one_click(reason: str) -> None:
    wrong = connect("https://agentpivot.ai")
    result = Verification(VerificationKind.NOT_AN_API, 12, reason=reason)
    found = report(result, connection=wrong, model="gpt-4o")
    assert found.can_switch
    assert "where people sign in" in found.sentence
    other = connect("https://other.example")
    assert not report(result, connection=other, model="gpt-4o").can_switch


def test_the_click_corrects_the_address_and_tests_again(
    rita: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, fake_upstream: FakeUpstream
) -> None:
    # A local host stands for the provider's, which cannot be reached from a test.
    monkeypatch.setattr(connections, "API_BASE_URL", fake_upstream.url)
    wrong = connect("https://agentpivot.ai")
    path = reverse("connection_address", args=[wrong.pk])
    page = signed_in(rita).post(path, {"model": "gpt-4o"}, follow=True).content.decode()
    wrong.refresh_from_db()
    assert wrong.base_url == fake_upstream.url
    assert "gpt-4o answered." in page
    assert signed_in(rita).post(path).status_code == 404

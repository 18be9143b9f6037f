"""Text that a plain form sent in vain: a refusal, a session that has ended, an old page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from conversations.models import Connection, Conversation, LanguageModel, Message, User
from conversations.models.identifiers import new_id
from tests.branches import conversation_of
from tests.generation.helpers import ended

SignIn = Callable[[User], Client]
TEXT = "<b>Precious</b>\nlines"
SHOWN = "\n&lt;b&gt;Precious&lt;/b&gt;\nlines</textarea>"


def send(client: Client, url: str = "/c/", **fields: str) -> Any:
    return client.post(url, {"text": TEXT, **fields})


def again(client: Client, page: str) -> Any:
    """Send the form of the page that returned the text."""
    action = re.search(r'<form method="post" action="([^"]+)"', page)
    assert action
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    return client.post(action[1], {**hidden, "text": TEXT})


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"model": "gpt-realtime"}, 422, "is not offered in chats"),
        ({"temperature": "9"}, 422, "Temperature is a number from 0 to 2"),
        ({}, 409, "No connection offers this model"),
    ],
)
def test_a_refused_message_comes_back(
    alice: User, signed_in: SignIn, fields: dict[str, str], status: int, words: str
) -> None:
    refused = send(signed_in(alice), **fields)
    page = refused.content.decode()
    assert refused.status_code == status
    assert words in page
    assert SHOWN in page
    for name, value in fields.items():
        is_hidden = f'<input type="hidden" name="{name}" value="{value}">' in page
        assert is_hidden == (name == "model")
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("temperature", "9"), ("max_tokens", "1.5"), ("system_prompt", "x" * 300_000)],
)
def test_a_parameter_that_is_refused_can_be_corrected(
    alice: User, signed_in: SignIn, name: str, value: str
) -> None:
    page = send(signed_in(alice), **{name: value}).content.decode()
    assert page.count(f'name="{name}"') == 1
    field = re.search(rf'<(?:input type="text"|textarea) name="{name}"[^>]*>', page)
    assert field
    assert 'aria-invalid="true"' in field[0]
    assert value in page


@pytest.mark.usefixtures("running_engine", "upstream_connection")
def test_over_the_limit_it_comes_back_and_is_sent_from_there(
    alice: User, signed_in: SignIn, settings: Settings
) -> None:
    settings.MAX_MESSAGES_PER_MINUTE = 0
    client = signed_in(alice)
    refused = send(client, id=str(new_id()))
    assert refused.status_code == 429
    settings.MAX_MESSAGES_PER_MINUTE = 20
    sent = again(client, refused.content.decode())
    message = Message.objects.get(role="user")
    assert sent["Location"] == reverse("conversation", args=[message.conversation_id])
    assert message.text == TEXT
    ended(Message.objects.get(role="assistant").generation)  # type: ignore[arg-type]


@pytest.mark.usefixtures("running_engine", "upstream_connection")
def test_the_page_names_the_message_so_that_two_clicks_are_one(
    alice: User, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    page = client.get("/").content.decode()
    named = re.search(r'name="id" value="([^"]+)"', page)
    assert named
    first, second = send(client, id=named[1]), send(client, id=named[1])
    assert first["Location"] == second["Location"]
    assert Conversation.objects.count() == 1
    ended(Message.objects.get(role="assistant").generation)  # type: ignore[arg-type]
    taken = client.post("/c/", {"text": "Another", "id": named[1]})
    assert taken.status_code == 409
    assert f'name="id" value="{named[1]}"' not in taken.content.decode()


@pytest.mark.django_db
def test_a_signed_out_user_gets_the_text_back(alice: User) -> None:
    url = reverse("message_create", args=[conversation_of(alice).pk])
    refused = send(Client(), url, temperature="1")
    page = refused.content.decode()
    assert refused.status_code == 401
    assert SHOWN in page
    assert f'href="{reverse("account_login")}" target="_blank"' in page
    assert f'action="{url}"' in page


@pytest.mark.parametrize("header", [{"accept": "application/json"}, {"hx-request": "true"}])
@pytest.mark.django_db
def test_scripts_get_a_status_in_place_of_a_redirect(alice: User, header: dict[str, str]) -> None:
    """Answer by a status, because htmx would put a redirect's sign-in page into the thread."""
    for url in ("/sidebar/", reverse("conversation", args=[conversation_of(alice).pk])):
        answer = Client().get(url, headers=header)
        assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize(
    ("name", "page", "leads_to"),
    [
        ("sign_out_elsewhere", "/settings/security/?a=1", "/settings/security/%3Fa%3D1"),
        ("sign_out_elsewhere", "https://evil.example/x", "/"),
        ("sign_out_elsewhere", "", "/"),
        ("team_default_model", "/settings/models/", "/settings/models/"),
    ],
)
@pytest.mark.django_db
def test_from_a_form_the_sign_in_leads_back_to_its_page(
    alice: User, name: str, page: str, leads_to: str
) -> None:
    """Lead back to the page of the form, because its route has no page."""
    referer = f"http://testserver{page}" if page.startswith("/") else page
    answer = Client().post(reverse(name), headers={"referer": referer})
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next={leads_to}"


def test_a_page_from_before_the_sign_in_gives_the_text_back(
    alice: User, upstream_connection: Connection
) -> None:
    LanguageModel.objects.update(is_enabled=False)  # refused at last by the form's own validation
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    client.get("/")
    refused = send(client, csrfmiddlewaretoken="x" * 64)
    page = refused.content.decode()
    assert refused.status_code == 403
    assert "You signed in or out since the page was opened" in page
    assert SHOWN in page
    assert again(client, page).status_code == 422


def test_what_another_site_sent_is_not_offered(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    client.get("/")
    refused = client.post("/c/", {"text": TEXT}, headers={"origin": "https://evil.example"})
    assert refused.status_code == 403
    assert "Precious" not in refused.content.decode()


@pytest.mark.django_db
def test_passwords_of_an_old_page_are_not_written_back(alice: User) -> None:
    refused = Client(enforce_csrf_checks=True).post(
        "/accounts/login/", {"login": "a@example.com", "password": "a secret phrase"}
    )
    assert refused.status_code == 403
    assert "a secret phrase" not in refused.content.decode()

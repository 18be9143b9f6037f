"""Settings → Connections: permissions, and that a key never comes back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from conversations.actions import connections, managed_connections
from conversations.actions.connections import ConnectionFields
from conversations.models import Connection, Conversation, LanguageModel, User

pytestmark = pytest.mark.django_db
KEY = "sk-test-0123456789-Zq7x"
SignIn = Callable[[User], Client]


def connect(owner: User | None = None, **changed: Any) -> Connection:
    given = {"name": "Gateway", "base_url": "https://api.example.org", "key": KEY, **changed}
    return connections.create(owner=owner, fields=ConnectionFields(**given))


def typed(**changed: Any) -> dict[str, Any]:
    given = {
        "name": "New",
        "base_url": "https://api.example.org/v1",
        "auth_style": "x-api-key",
        "key": "sk-another-key-9999",
        "serves_all_models": "on",
    }
    return {**given, **changed}


def routes_of(connection: Connection) -> list[tuple[str, dict[str, Any]]]:
    """Return every route of a connection with the fields of its form."""
    names = {
        "settings_connection": typed(),
        "connection_address": {},
        "connection_deletion": {},
        "connection_test": {"model": "gpt-4o"},
    }
    return [(reverse(name, args=[connection.pk]), data) for name, data in names.items()]


def test_nobody_gets_in_without_signing_in(client: Client, rita: User) -> None:
    connection = connect()
    paths = [path for path, _ in routes_of(connection)]
    names = ("settings_connections", "connection_create", "own_default_connection")
    for path in [*paths, *(reverse(name) for name in names), reverse("team_connection_create")]:
        for response in (client.get(path), client.post(path)):
            assert response.status_code in {302, 405}
            if response.status_code == 302:
                assert response.headers["Location"].startswith("/accounts/login/")


def test_a_stranger_finds_no_own_connection(
    alice: User, bob: User, rita: User, signed_in: SignIn
) -> None:
    own = connect(alice)
    for stranger in (bob, rita):
        browser = signed_in(stranger)
        for path, data in routes_of(own):
            assert browser.post(path, data).status_code == 404
        chosen = browser.post(reverse("own_default_connection"), {"connection": str(own.pk)})
        assert chosen.status_code == 404
        assert browser.get(reverse("settings_connection", args=[own.pk])).status_code == 404
        assert own.name not in browser.get(reverse("settings_connections")).content.decode()
    own.refresh_from_db()
    assert (own.name, own.key) == ("Gateway", KEY)


def test_a_member_cannot_touch_the_teams(alice: User, signed_in: SignIn) -> None:
    team = connect()
    browser = signed_in(alice)
    for path, data in routes_of(team):
        assert browser.post(path, data).status_code == 404
    position = reverse("connection_position", args=[team.pk])
    assert browser.post(position, {"direction": "up"}).status_code == 403
    assert browser.get(reverse("team_connection_create")).status_code == 403
    assert browser.post(reverse("team_connection_create"), typed()).status_code == 403
    page = browser.get(reverse("settings_connections")).content.decode()
    assert team.name in page
    assert team.base_url not in page
    assert team.key_hint not in page
    assert [row.name for row in Connection.objects.all()] == ["Gateway"]


def test_a_member_adds_an_own_connection(
    alice: User, bob: User, signed_in: SignIn, settings: Settings
) -> None:
    settings.UPSTREAM_ALLOWED_HOSTS = ["127.0.0.1"]
    sent = typed(
        base_url="http://127.0.0.1:9", owner=str(bob.pk), source="demo", position="0", is_kept="on"
    )
    response = signed_in(alice).post(reverse("connection_create"), sent)
    row = Connection.objects.get()
    assert response.status_code == 302
    assert response.headers["Location"] == f"/settings/connections/#connection-{row.pk}"
    assert (row.owner, row.source, row.key) == (alice, "person", "sk-another-key-9999")


def test_an_own_connection_is_held_to_the_public_internet(alice: User, signed_in: SignIn) -> None:
    response = signed_in(alice).post(
        reverse("connection_create"), typed(base_url="https://127.0.0.1", key=KEY)
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert "not on the public internet" in page
    assert 'aria-invalid="true"' in page
    assert "https://127.0.0.1" in page
    assert KEY not in page
    assert not Connection.objects.exists()


def test_an_administrator_adds_orders_and_deletes_the_teams(rita: User, signed_in: SignIn) -> None:
    browser = signed_in(rita)
    for name in ("One", "Two"):
        browser.post(reverse("team_connection_create"), typed(name=name))
    first, second = Connection.objects.all()
    assert (first.name, first.owner) == ("One", None)
    browser.post(reverse("connection_position", args=[second.pk]), {"direction": "up"})
    assert [row.name for row in Connection.objects.all()] == ["Two", "One"]
    browser.post(reverse("connection_deletion", args=[second.pk]))
    assert [row.name for row in Connection.objects.all()] == ["One"]


def test_an_empty_key_keeps_the_old_one_and_another_host_asks_for_it(
    rita: User, signed_in: SignIn
) -> None:
    row = connect()
    browser = signed_in(rita)
    path = reverse("settings_connection", args=[row.pk])
    assert browser.post(path, typed(key="")).status_code == 302
    moved = browser.post(path, typed(key="", base_url="https://evil.example"))
    assert moved.status_code == 422
    assert "different server. Enter its key" in moved.content.decode()
    row.refresh_from_db()
    assert (row.name, row.base_url, row.key) == ("New", "https://api.example.org", KEY)


def test_kept_connections_are_not_edited_on_the_page(rita: User, signed_in: SignIn) -> None:
    managed_connections.sync_demo_connection("http://127.0.0.1:9", KEY)
    demo = Connection.objects.get()
    browser = signed_in(rita)
    for name in ("settings_connection", "connection_deletion", "connection_address"):
        assert browser.post(reverse(name, args=[demo.pk]), typed()).status_code == 404
    up = browser.post(reverse("connection_position", args=[demo.pk]), {"direction": "up"})
    assert up.status_code == 404
    demo.refresh_from_db()
    assert demo.key == KEY


def test_the_own_default_is_set_and_unset(alice: User, signed_in: SignIn) -> None:
    team = connect()
    path, browser = reverse("own_default_connection"), signed_in(alice)
    browser.post(path, {"connection": str(team.pk)})
    alice.refresh_from_db()
    assert alice.default_connection == team
    assert browser.post(path, {"connection": "nonsense"}).status_code == 404
    browser.post(path, {"connection": ""})
    alice.refresh_from_db()
    assert alice.default_connection is None


def test_a_token_shows_when_it_expires(alice: User, signed_in: SignIn) -> None:
    connect(alice, key="e30.eyJleHAiOiA0MTAyNDQ0ODAwfQ.c2ln")
    page = signed_in(alice).get(reverse("settings_connections")).content.decode()
    assert "Expires on 1 January 2100" in page
    connect(alice, key="e30.eyJleHAiOiAxMDAwMDAwMDAwfQ.c2ln")
    page = signed_in(alice).get(reverse("settings_connections")).content.decode()
    assert "Expired on 9 September 2001" in page


def test_a_key_is_nowhere_but_encrypted_in_its_row(
    rita: User, alice: User, signed_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    team, own = connect(), connect(rita, name="Mine")
    conversation = Conversation.objects.create(owner=rita, title="Hello")
    paths = [
        reverse("settings_connections"),
        reverse("settings_connection", args=[team.pk]),
        reverse("settings_connection", args=[own.pk]),
        reverse("settings_models"),
        reverse("new_chat"),
        reverse("conversation", args=[conversation.pk]),
        reverse("admin:index"),
    ]
    for user in (rita, alice):
        for path in paths:
            response = signed_in(user).get(path)
            assert KEY not in response.content.decode() + str(response.headers)
    refused = signed_in(rita).post(reverse("connection_create"), typed(key=KEY, name=""))
    assert refused.status_code == 422
    assert KEY not in refused.content.decode() + caplog.text + str(team.__dict__) + repr(team)
    assert "Zq7x" in signed_in(rita).get(paths[0]).content.decode()


def test_many_connections_cost_as_many_queries_as_two(
    rita: User, signed_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    model = LanguageModel.objects.get(name="gpt-4o")
    browser = signed_in(rita)
    for _ in range(2):
        connect(rita, serves_all_models=False, served_models=[model])
        connect()
    browser.get(
        reverse("settings_connections")
    )  # because the first request checks whether the site is set up
    # Session, user, connections, their narrowed lists, models.
    with django_assert_num_queries(5):
        browser.get(reverse("settings_connections"))
    for _ in range(5):
        connect(rita, serves_all_models=False, served_models=[model])
        connect()
    with django_assert_num_queries(5):
        browser.get(reverse("settings_connections"))

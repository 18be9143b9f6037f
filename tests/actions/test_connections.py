from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from conversations.actions import connections, managed_connections
from conversations.actions.connections import ConnectionFields
from conversations.models import Connection, LanguageModel, User

pytestmark = pytest.mark.django_db
KEY = "sk-test-0123456789-last"


def fields(**changed: Any) -> ConnectionFields:
    given = {"name": "Gateway", "base_url": "https://api.example.org", "key": KEY, **changed}
    return ConnectionFields(**given)


def test_a_key_is_stored_encrypted_with_its_last_four_characters(alice: User) -> None:
    connection = connections.create(owner=alice, fields=fields())
    assert KEY not in connection.encrypted_key
    assert connection.key_hint == "last"
    assert Connection.objects.get().key == KEY


def test_a_token_tells_when_it_expires(alice: User) -> None:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": 1_800_000_000}).encode()).decode()
    connection = connections.create(owner=alice, fields=fields(key=f"e30.{claims}.sig"))
    assert connection.key_expires_at == datetime.fromtimestamp(1_800_000_000, UTC)
    connections.update(connection, fields=fields())
    assert connection.key_expires_at is None


def test_a_connection_needs_a_key(alice: User) -> None:
    with pytest.raises(connections.KeyRequiredError):
        connections.create(owner=alice, fields=fields(key=""))
    assert not Connection.objects.exists()


def test_an_empty_key_keeps_the_old_one(alice: User) -> None:
    connection = connections.create(owner=alice, fields=fields())
    connections.update(
        connection, fields=fields(key="", name="New", base_url="https://api.example.org/gpt")
    )
    connection.refresh_from_db()
    assert (connection.name, connection.key) == ("New", KEY)


@pytest.mark.parametrize(
    "base_url",
    ["https://evil.example", "http://api.example.org", "https://api.example.org:8443"],
)
def test_a_stored_key_never_goes_to_another_server(alice: User, base_url: str) -> None:
    connection = connections.create(owner=alice, fields=fields())
    with pytest.raises(connections.KeyRequiredError):
        connections.update(connection, fields=fields(key="", base_url=base_url))
    connection.refresh_from_db()
    assert connection.base_url == "https://api.example.org"
    connections.update(connection, fields=fields(key="another-key-9876", base_url=base_url))
    assert connection.key == "another-key-9876"


def test_another_address_is_asked_for_usage_again(alice: User) -> None:
    connection = connections.create(owner=alice, fields=fields())
    Connection.objects.update(refuses_stream_options=True)
    connection.refresh_from_db()
    connections.update(connection, fields=fields(key="", name="Same address"))
    assert connection.refuses_stream_options
    connections.update(connection, fields=fields(base_url="https://other.example"))
    assert not connection.refuses_stream_options


def test_only_the_sign_in_address_is_switched_to_the_api(alice: User) -> None:
    wrong = connections.create(owner=alice, fields=fields(base_url="https://agentpivot.ai"))
    connections.switch_to_api_host(wrong)
    wrong.refresh_from_db()
    assert wrong.base_url == "https://api.agentpivot.ai"
    assert wrong.key == KEY
    other = connections.create(owner=alice, fields=fields(base_url="https://agentpivot.ai.evil.io"))
    with pytest.raises(ValueError, match="sign-in"):
        connections.switch_to_api_host(other)


def test_the_teams_connections_change_places() -> None:
    rows = [connections.create(owner=None, fields=fields(name=name)) for name in "abc"]
    connections.move(rows[2], is_up=True)
    connections.move(rows[0], is_up=True)
    assert [row.name for row in Connection.objects.all()] == ["a", "c", "b"]
    connections.move(rows[0], is_up=False)
    assert [row.name for row in Connection.objects.all()] == ["c", "a", "b"]


def test_widening_forgets_the_narrowed_list(alice: User) -> None:
    model = LanguageModel.objects.get(name="gpt-4o")
    connection = connections.create(
        owner=alice, fields=fields(serves_all_models=False, served_models=[model])
    )
    assert list(connection.served_models.all()) == [model]
    connections.update(connection, fields=fields(served_models=[model]))
    assert not connection.served_models.exists()


def test_a_connection_goes_with_its_key(alice: User) -> None:
    connection = connections.create(owner=alice, fields=fields())
    connections.set_own_default(alice, connection)
    connections.delete(connection)
    alice.refresh_from_db()
    assert alice.default_connection is None
    assert not Connection.objects.exists()


class TestEnvironment:
    @pytest.fixture(autouse=True)
    def _variables(self, settings: Settings) -> None:
        settings.UPSTREAM_BASE_URL = "https://gateway.example.org/v1/"
        settings.UPSTREAM_API_KEY = f" Bearer {KEY}\n"
        settings.UPSTREAM_AUTH = "bearer"

    def test_the_connection_follows_the_environment(self, settings: Settings) -> None:
        managed_connections.sync_environment_connection()
        row = Connection.objects.get()
        assert (row.name, row.base_url) == ("gateway.example.org", "https://gateway.example.org")
        assert (row.key, row.auth_style, row.is_team) == (KEY, "bearer", True)
        settings.UPSTREAM_BASE_URL = "other.example.org"
        settings.UPSTREAM_API_KEY = "another-key-123"
        managed_connections.sync_environment_connection()
        changed = Connection.objects.get()
        assert (changed.pk, changed.base_url) == (row.pk, "https://other.example.org")
        assert changed.key == "another-key-123"

    def test_an_unchanged_key_is_not_encrypted_anew(self) -> None:
        managed_connections.sync_environment_connection()
        token = Connection.objects.get().encrypted_key
        managed_connections.sync_environment_connection()
        assert Connection.objects.get().encrypted_key == token

    def test_a_key_that_no_longer_opens_is_replaced(self, settings: Settings) -> None:
        managed_connections.sync_environment_connection()
        settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
        managed_connections.sync_environment_connection()
        assert Connection.objects.get().key == KEY

    def test_a_connection_without_its_key_goes_and_others_stay(self, settings: Settings) -> None:
        managed_connections.sync_environment_connection()
        connections.create(owner=None, fields=fields())
        settings.UPSTREAM_API_KEY = ""
        managed_connections.sync_environment_connection()
        assert [row.name for row in Connection.objects.all()] == ["Gateway"]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("UPSTREAM_BASE_URL", "ftp://example.org"),
            ("UPSTREAM_AUTH", "basic"),
            ("UPSTREAM_API_KEY", "schlüssel"),
        ],
    )
    def test_a_bad_variable_is_named_without_its_value(
        self, settings: Settings, name: str, value: str
    ) -> None:
        setattr(settings, name, value)
        with pytest.raises(ImproperlyConfigured, match=name) as caught:
            managed_connections.sync_environment_connection()
        assert value not in str(caught.value)

    def test_a_connection_of_the_environment_is_not_changed_by_users(self) -> None:
        managed_connections.sync_environment_connection()
        row = Connection.objects.get()
        with pytest.raises(connections.ManagedConnectionError):
            connections.update(row, fields=fields())
        with pytest.raises(connections.ManagedConnectionError):
            connections.delete(row)
        assert Connection.objects.get().key == KEY


def test_the_demo_connection_is_one_row() -> None:
    managed_connections.sync_demo_connection("http://127.0.0.1:9001", "first-key-123")
    managed_connections.sync_demo_connection("http://127.0.0.1:9002", "second-key-123")
    row = Connection.objects.get()
    assert (row.base_url, row.key, row.is_demo) == ("http://127.0.0.1:9002", "second-key-123", True)


class TestRotation:
    def test_keys_move_under_the_newest_key(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        connection = connections.create(owner=None, fields=fields())
        new = Fernet.generate_key().decode()
        settings.FIELD_ENCRYPTION_KEYS = [new, *settings.FIELD_ENCRYPTION_KEYS]
        call_command("rotate_keys")
        settings.FIELD_ENCRYPTION_KEYS = [new]
        connection.refresh_from_db()
        assert connection.key == KEY
        assert "1 key or secret" in capsys.readouterr().out

    def test_a_lost_key_is_named_and_the_rest_goes_on(
        self, settings: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        lost = connections.create(owner=None, fields=fields(name="Lost one"))
        settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
        kept = connections.create(owner=None, fields=fields(name="Kept"))
        with pytest.raises(CommandError, match="Lost one") as caught:
            call_command("rotate_keys")
        assert caught.value.returncode == 1
        assert str(lost.pk) in str(caught.value)
        kept.refresh_from_db()
        assert kept.key == KEY
        assert "1 key or secret" in capsys.readouterr().out

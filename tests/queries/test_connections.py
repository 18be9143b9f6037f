from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from conversations import access, crypto
from conversations.actions import connections, managed_connections
from conversations.actions.connections import ConnectionFields
from conversations.models import Connection, LanguageModel, User
from conversations.queries.connections import (
    candidates_for,
    choose_connection,
    endpoint_for,
)

pytestmark = pytest.mark.django_db
KEY = "sk-test-0123456789-last"


@pytest.fixture
def model() -> LanguageModel:
    return LanguageModel.objects.get(name="gpt-5.4")


def connect(
    name: str, owner: User | None = None, *, only: LanguageModel | None = None
) -> Connection:
    fields = ConnectionFields(
        name=name,
        base_url="https://api.example.org",
        key=f"{KEY}-{name}",
        serves_all_models=only is None,
        served_models=[only] if only else [],
    )
    return connections.create(owner=owner, fields=fields)


def names(user: User, model: LanguageModel) -> list[str]:
    return [connection.name for connection in candidates_for(user, model)]


def test_own_ones_come_first_then_the_teams_in_order(alice: User, model: LanguageModel) -> None:
    connect("team 1")
    second = connect("team 2")
    connect("own 1", alice)
    default = connect("own 2", alice)
    assert names(alice, model) == ["own 1", "own 2", "team 1", "team 2"]
    connections.set_own_default(alice, default)
    connections.move(second, is_up=True)
    assert names(alice, model) == ["own 2", "own 1", "team 2", "team 1"]


def test_an_own_connection_serves_its_owner_only(
    alice: User, bob: User, rita: User, model: LanguageModel
) -> None:
    own = connect("own", alice)
    assert names(alice, model) == ["own"]
    for stranger in (bob, rita):
        assert names(stranger, model) == []
        assert choose_connection(stranger, model, own) is None
        connections.set_own_default(stranger, own)
        assert choose_connection(stranger, model) is None
        with pytest.raises(access.NotFound):
            access.owned_row(Connection, stranger, own.pk)


def test_the_demo_serves_only_whoever_has_nothing_else(
    alice: User, bob: User, model: LanguageModel
) -> None:
    managed_connections.sync_demo_connection("http://127.0.0.1:9", "demo-key")
    demo = Connection.objects.get()
    assert names(alice, model) == ["Demo"]
    connect("own", alice)
    assert names(alice, model) == ["own"]
    assert choose_connection(alice, model, demo) != demo
    assert names(bob, model) == ["Demo"]
    connect("team")
    assert names(bob, model) == ["team"]


def test_a_narrowed_list_is_respected(alice: User, model: LanguageModel) -> None:
    other = LanguageModel.objects.get(name="gpt-4o")
    narrowed = connect("narrowed", alice, only=other)
    connect("team")
    assert names(alice, model) == ["team"]
    assert names(alice, other) == ["narrowed", "team"]
    connections.set_own_default(alice, narrowed)
    chosen = choose_connection(alice, model, narrowed)
    assert chosen is not None
    assert chosen.name == "team"


def test_the_wanted_one_is_used_where_it_can_serve(alice: User, model: LanguageModel) -> None:
    connect("own", alice)
    team = connect("team")
    assert choose_connection(alice, model, team) == team


def test_disabled_models_and_models_not_for_chat_are_served_by_none(
    alice: User, model: LanguageModel
) -> None:
    connect("team")
    model.is_enabled = False
    assert names(alice, model) == []
    voice = LanguageModel.objects.get(name="gpt-realtime")
    assert names(alice, voice) == []
    voice.is_released = True
    assert names(alice, voice) == ["team"]


def test_an_own_connection_is_guarded_and_the_teams_is_not(alice: User, settings: Settings) -> None:
    settings.UPSTREAM_ALLOWED_HOSTS = ["localhost:9"]
    own, team = endpoint_for(connect("own", alice)), endpoint_for(connect("team"))
    assert own.guard
    assert own.allowed_hosts == {"localhost:9"}
    assert not team.guard
    assert team.headers() == {"x-api-key": f"{KEY}-team"}
    assert KEY not in repr(team)


def test_a_key_of_another_installation_is_told(alice: User, settings: Settings) -> None:
    connection = connect("own", alice)
    settings.FIELD_ENCRYPTION_KEYS = ["6cKb1tN1pmD6ZxYwIbyJx2V3rGSkXwdkWvcTzYuWf1E="]
    with pytest.raises(crypto.UndecryptableError):
        endpoint_for(connection)


def test_an_administrator_edits_the_teams_and_a_member_does_not(alice: User, rita: User) -> None:
    team = connect("team")
    assert access.owned_row(Connection, rita, team.pk) == team
    with pytest.raises(access.NotFound):
        access.owned_row(Connection, alice, team.pk)


def test_many_connections_cost_as_many_queries_as_one(
    alice: User, model: LanguageModel, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        connect(f"own {number}", alice, only=model)
    with django_assert_num_queries(2):
        assert len(candidates_for(alice, model)) == 5

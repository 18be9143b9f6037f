from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from conversations.actions import connections, language_models
from conversations.actions.connections import ConnectionFields
from conversations.models import Connection, Conversation, LanguageModel, User
from conversations.queries.language_models import ModelGroup, ModelRow, groups_for, picker_for

pytestmark = pytest.mark.django_db


def model(name: str) -> LanguageModel:
    return LanguageModel.objects.get(name=name)


def connect(name: str = "Team", owner: User | None = None) -> None:
    fields = ConnectionFields(name=name, base_url="https://api.example.org", key="sk-0123456789")
    connections.create(owner=owner, fields=fields)


def row(groups: tuple[ModelGroup, ...], name: str) -> ModelRow:
    rows = [row for group in groups for row in group.rows if row.model.name == name]
    assert rows, name
    return rows[-1]


def test_favourites_come_first_then_the_series_newest_first(alice: User) -> None:
    connect()
    language_models.set_favourite(alice, model("gpt-4o"), is_favourite=True)
    language_models.add(name="local", display_name="", capability="chat")
    groups = groups_for(alice)
    labels = [group.label for group in groups]
    assert labels[:2] == ["Favourites", "GPT-5.4"]
    assert labels[-3:] == ["GPT-3.5", "Extended capability", "Added by your team"]
    assert [row.model.name for row in groups[0].rows] == ["gpt-4o"]
    assert sum(len(group.rows) for group in groups[1:]) == 67


def test_a_new_chat_begins_with_the_own_default_then_the_teams(alice: User, bob: User) -> None:
    connect()
    language_models.set_own_default(alice, model("gpt-4.1"))
    assert picker_for(alice).model == model("gpt-4.1")
    assert picker_for(bob).model == model("gpt-5.4")
    assert picker_for(bob, wanted="gpt-4o").model == model("gpt-4o")
    assert picker_for(bob, wanted="gpt-realtime").model == model("gpt-5.4")
    language_models.change(model("gpt-4.1"), is_enabled=False)
    assert picker_for(alice).model == model("gpt-5.4")


def test_what_is_not_for_chat_is_listed_with_the_reason(alice: User) -> None:
    connect()
    reasons = {row.model.name: row.reason for group in groups_for(alice) for row in group.rows}
    assert reasons["gpt-realtime"].startswith("Voice sessions only")
    assert reasons["gpt-4o-mini-tts"].startswith("Reads text aloud")
    assert reasons["gpt-4o-transcribe"].startswith("Turns recordings")
    assert sum(1 for reason in reasons.values() if reason) == 7
    language_models.change(model("gpt-realtime"), is_released=True)
    assert row(groups_for(alice), "gpt-realtime").reason == ""


def test_without_a_connection_nothing_can_be_used(alice: User) -> None:
    assert "connections serves" in row(groups_for(alice), "gpt-4o").reason


def test_connections_are_named_only_where_two_serve(alice: User) -> None:
    connect()
    assert row(groups_for(alice), "gpt-4o").connections == ()
    connect("Mine", alice)
    picker = picker_for(alice)
    assert [row.name for row in row(groups_for(alice), "gpt-4o").connections] == ["Mine", "Team"]
    assert picker.through is not None
    assert picker.through.name == "Mine"
    assert picker.connection is None


def test_the_conversations_choice_is_remembered(alice: User) -> None:
    connect()
    connect("Mine", alice)
    team = Connection.objects.get(name="Team")
    conversation = Conversation.objects.create(owner=alice, title="Hello")
    language_models.choose_for(conversation, model=model("gpt-5"), connection=team)
    picker = picker_for(alice, Conversation.objects.get())
    assert (picker.model, picker.connection, picker.through) == (model("gpt-5"), team, team)


def test_a_model_that_was_disabled_later_is_told(alice: User) -> None:
    connect()
    conversation = Conversation.objects.create(owner=alice, title="Hello", model=model("gpt-5"))
    assert not picker_for(alice, conversation).is_stale
    language_models.change(model("gpt-5"), is_enabled=False)
    picker = picker_for(alice, Conversation.objects.get())
    assert picker.is_stale
    assert "gpt-5 is no longer offered" in picker.notice
    names = [row.model.name for group in groups_for(alice) for row in group.rows]
    assert "gpt-5" not in names


def test_twice_as_many_models_cost_as_many_queries(
    alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    connect()
    with django_assert_num_queries(3):
        groups_for(alice)
    rows = [LanguageModel(name=f"extra-{number}", position=100 + number) for number in range(66)]
    LanguageModel.objects.bulk_create(rows)
    with django_assert_num_queries(3):
        assert sum(len(group.rows) for group in groups_for(alice)) == 132

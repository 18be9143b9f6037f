"""Titles by a model, requested after the first answer."""

from __future__ import annotations

import pytest

from conversations.actions.conversations import rename
from conversations.generation import titles
from conversations.models import (
    Connection,
    Conversation,
    LanguageModel,
    TeamSettings,
    UsageRecord,
    User,
)
from tests.conftest import wait_for
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import ended, send

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")


def named(title: str) -> Conversation | None:
    return Conversation.objects.filter(title=title).first()


def titled_by(titles: str, model: str = "") -> None:
    chosen = LanguageModel.objects.filter(name=model).first()
    TeamSettings.objects.create(titles=titles, title_model=chosen)


def test_first_words_need_no_model(alice: User, fake_upstream: FakeUpstream) -> None:
    ended(send(alice, "How many people do we need?").generation)
    ended(send(alice, "Another").generation)
    assert named("How many people do we need?")
    assert len(fake_upstream.bodies) == 2


def test_the_conversations_own_model_names_it(alice: User, fake_upstream: FakeUpstream) -> None:
    titled_by("same")
    fake_upstream.say("Ninety-four.")
    fake_upstream.say('"Staffing the desk."')
    ended(send(alice, "How many people do we need?").generation)
    conversation = wait_for(lambda: named("Staffing the desk"))
    assert conversation.title_source == "model"
    asked = fake_upstream.bodies[1]
    assert (asked["model"], set(asked)) == ("gpt-5.4", {"model", "messages"})
    assert "How many people do we need?\n\nNinety-four." in asked["messages"][0]["content"]


def test_a_chosen_model_names_it_and_the_ledger_tells_the_two_calls_apart(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    titled_by("chosen", "gpt-5.4-nano")
    fake_upstream.say("Ninety-four.")
    fake_upstream.say("Staffing the desk")
    ended(send(alice, "How many?").generation)
    wait_for(lambda: named("Staffing the desk"))
    rows = UsageRecord.objects.order_by("id").values_list("purpose", "model_name", "person")
    assert list(rows) == [
        ("chat", "gpt-5.4", alice.pk),
        ("title", "gpt-5.4-nano", alice.pk),
    ]
    assert all(row.total_tokens for row in UsageRecord.objects.all())


def test_only_the_first_answer_names(alice: User, fake_upstream: FakeUpstream) -> None:
    titled_by("same")
    fake_upstream.say("One.")
    fake_upstream.fail(400, "no titles here")
    first = send(alice, "First words")
    ended(first.generation)
    wait_for(lambda: len(fake_upstream.bodies) == 2)
    conversation = Conversation.objects.get()
    ended(send(alice, "More", conversation).generation)
    ended(send(alice, "Again", Conversation.objects.get()).generation)
    assert len(fake_upstream.bodies) == 4
    assert named("First words")


def test_what_a_person_wrote_stays(alice: User, fake_upstream: FakeUpstream) -> None:
    titled_by("same")
    fake_upstream.say("One.")
    gate = fake_upstream.hold("A title by a model")
    ended(send(alice, "First words").generation)
    assert gate.wait_reached()
    rename(Conversation.objects.get(), "Mine")
    gate.release()
    wait_for(lambda: UsageRecord.objects.filter(purpose="title").exists())
    assert named("Mine")


def test_the_demo_is_not_asked_for_titles(alice: User) -> None:
    titled_by("same")
    Connection.objects.update(source=Connection.Source.DEMO)
    run = ended(send(alice, "First words").generation)
    assert titles.prepare(run.pk) is None
    Connection.objects.update(source=Connection.Source.PERSON)
    assert titles.prepare(run.pk) is not None

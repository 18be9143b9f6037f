"""Parameters of every level, as the upstream receives them."""

from __future__ import annotations

import pytest

from conversations.actions.messages import Draft, Parameters, send_message
from conversations.actions.runs import regenerate
from conversations.models import (
    Conversation,
    Folder,
    LanguageModel,
    Message,
    Preset,
    TeamSettings,
    UsageRecord,
    User,
)
from conversations.models.identifiers import new_id
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import ended
from tests.sockets import session_of

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")


def ask(
    user: User,
    parameters: Parameters = Parameters(),  # noqa: B008 (frozen)
    *,
    conversation: Conversation | None = None,
    preset: Preset | None = None,
    folder: Folder | None = None,
) -> Message:
    model = LanguageModel.objects.get(name="gpt-5.4")
    draft = Draft(
        id=new_id(), text="Hi", model=model, parameters=parameters, preset=preset, folder=folder
    )
    sent = send_message(
        user=user,
        conversation=conversation,
        parent_id=None,
        draft=draft,
        session_key=session_of(user),
    )
    ended(sent.generation)
    return sent.answer


def test_each_level_reaches_the_upstream_and_is_accounted_for(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    TeamSettings.objects.create(max_tokens=512)
    alice.top_p, alice.instructions = 0.9, "I am a nurse."
    alice.save()
    preset = Preset.objects.create(name="Short", system_prompt="Be brief.", temperature=0.2)
    answer = ask(alice, Parameters(temperature=0.5), preset=preset)
    body = fake_upstream.bodies[0]
    assert body["messages"][0] == {"role": "system", "content": "Be brief.\n\nI am a nurse."}
    assert {name: body[name] for name in ("max_tokens", "temperature", "top_p")} == {
        "max_tokens": 512,
        "temperature": 0.5,
        "top_p": 0.9,
    }
    generation = answer.generations.get()
    assert generation.parameters == {
        "system_prompt": {"source": "preset"},
        "max_tokens": {"source": "team", "value": 512},
        "temperature": {"source": "conversation", "value": 0.5},
        "top_p": {"source": "person", "value": 0.9},
    }


def test_for_one_message_is_for_its_answers_only(alice: User, fake_upstream: FakeUpstream) -> None:
    answer = ask(alice, Parameters(temperature=0.5, is_once=True))
    conversation = Conversation.objects.get()
    assert conversation.temperature is None
    again = regenerate(
        user=alice,
        message=Message.objects.get(pk=answer.pk),
        model=LanguageModel.objects.get(name="gpt-5.4"),
        session_key=session_of(alice),
    )
    ended(again.generation)
    conversation.refresh_from_db()
    ask(alice, conversation=conversation)
    assert [body.get("temperature") for body in fake_upstream.bodies] == [0.5, 0.5, None]


@pytest.mark.parametrize(("name", "value"), [("temperature", 0.5), ("stream", True)])
def test_a_refused_parameter_is_left_out_whoever_sets_it(
    alice: User, fake_upstream: FakeUpstream, name: str, value: object
) -> None:
    TeamSettings.objects.create(**{name: value})
    fake_upstream.fail(400, f"{name} is not supported with this model")
    refused = ask(alice).generations.get()
    assert refused.error_kind == "parameter_refused"
    again = regenerate(
        user=alice,
        message=refused.message,
        model=refused.model,
        session_key=session_of(alice),
        without=name,
    )
    ended(again.generation)
    assert [name in body for body in fake_upstream.bodies] == [True, False]
    assert again.answer.generations.get().status == "completed"


def test_in_one_piece_is_asked_for_without_stream(alice: User, fake_upstream: FakeUpstream) -> None:
    ask(alice, Parameters(stream=False, tools=False))
    assert set(fake_upstream.bodies[0]) == {"model", "messages"}


def test_the_ledger_has_a_row_for_each_call(alice: User, fake_upstream: FakeUpstream) -> None:
    answer = ask(alice)
    generation = answer.generations.get()
    row = UsageRecord.objects.get()
    assert row.generation == generation
    assert row.total_tokens == generation.total_tokens
    assert (row.person, row.person_name, row.purpose) == (alice, "Alice", "chat")
    assert (row.connection_name, row.model_name) == ("Fake", "gpt-5.4")
    fake_upstream.fail(401, "no")
    ask(alice)
    assert UsageRecord.objects.count() == 2
    Conversation.objects.all().delete()
    assert UsageRecord.objects.count() == 2


def test_a_chat_that_begins_in_a_folder_has_its_prompt(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    outer = Folder.objects.create(owner=alice, name="Work", system_prompt="At work")
    folder = Folder.objects.create(owner=alice, name="Desk", parent=outer)
    ask(alice, folder=folder)
    assert Conversation.objects.get().folder == folder
    assert fake_upstream.bodies[0]["messages"][0] == {"role": "system", "content": "At work"}

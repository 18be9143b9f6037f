"""Send, regenerate and stop over HTTP."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from conversations.models import Connection, Conversation, Generation, LanguageModel, Message, User
from conversations.models.identifiers import new_id
from tests.conftest import wait_for
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import ended

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")
SignIn = Callable[[User], Client]
JSON = {"accept": "application/json"}


def post(client: Client, url: str, **fields: object) -> Any:
    return client.post(url, {key: str(value) for key, value in fields.items()}, headers=JSON)


def create(client: Client, text: str = "Hello", **fields: object) -> Any:
    return post(client, reverse("conversation_create"), text=text, **fields)


def follow_up(client: Client, conversation: Conversation, **fields: object) -> Any:
    return post(client, reverse("message_create", args=[conversation.pk]), **fields)


def route(name: str, conversation: object, message: object, generation: object) -> str:
    """Return the URL of an action."""
    if name == "cancellation":
        return reverse(name, args=[generation])
    if name in {"regeneration", "continuation"}:
        return reverse(name, args=[conversation, message])
    return reverse(name, args=[conversation])


def only_run() -> Generation:
    return ended(Generation.objects.get())


def test_a_first_message_makes_a_conversation(alice: User, signed_in: SignIn) -> None:
    message_id = new_id()
    answer = create(signed_in(alice), "Hello, how are you?", id=message_id)
    assert answer.status_code == 201
    sent = answer.json()
    conversation = Conversation.objects.get()
    assert sent["url"] == reverse("conversation", args=[conversation.pk])
    assert sent["message"] == str(message_id)
    assert sent["html"].count("<article") == 2
    assert conversation.title == "Hello, how are you?"
    assert only_run().status == "completed"


def test_a_plain_form_is_led_to_its_page(alice: User, signed_in: SignIn) -> None:
    answer = signed_in(alice).post(reverse("conversation_create"), {"text": "Hello"})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("conversation", args=[Conversation.objects.get().pk])
    only_run()


def test_a_repeat_starts_nothing(
    alice: User, signed_in: SignIn, fake_upstream: FakeUpstream
) -> None:
    client, message_id = signed_in(alice), new_id()
    first = create(client, id=message_id).json()
    only_run()
    again = create(client, id=message_id)
    assert again.status_code == 201
    assert again.json()["answer"] == first["answer"]
    assert Generation.objects.count() == 1
    assert len(fake_upstream.requests) == 1


def test_another_text_under_the_same_id_is_a_conflict(alice: User, signed_in: SignIn) -> None:
    client, message_id = signed_in(alice), new_id()
    create(client, id=message_id)
    only_run()
    answer = create(client, "Something else", id=message_id)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "id_taken")


def test_somebody_elses_id_is_the_same_conflict(
    alice: User, charlie: User, signed_in: SignIn
) -> None:
    message_id = new_id()
    create(signed_in(alice), "A secret plan", id=message_id)
    only_run()
    answer = create(signed_in(charlie), "A secret plan", id=message_id)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "id_taken")
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "message_create",
        "regeneration",
        "continuation",
        "cancellation",
        "title",
        "deletion",
        "restoration",
        "reading",
    ],
)
def test_a_stranger_cannot_tell_what_exists(
    alice: User, charlie: User, signed_in: SignIn, name: str
) -> None:
    sent = create(signed_in(alice)).json()
    run = only_run()
    stranger = signed_in(charlie)
    url = route(name, sent["conversation"], sent["answer"], run.pk)
    real = post(stranger, url, text="x", title="x")
    unknown = route(name, uuid.uuid4(), uuid.uuid4(), uuid.uuid4())
    none = post(stranger, unknown, text="x", title="x")
    assert real.status_code == none.status_code == 404
    assert real.content == none.content
    anonymous = post(Client(), url, text="x")
    assert anonymous.status_code == 401
    Conversation.objects.get(deleted_at=None, title="Hello")


def test_a_parent_from_another_conversation_is_refused(
    alice: User, bob: User, signed_in: SignIn
) -> None:
    his = create(signed_in(bob), "His").json()
    only_run()
    client = signed_in(alice)
    hers = create(client, "Hers").json()
    wait_for(lambda: not Generation.objects.filter(status__in=Generation.ACTIVE).exists())
    conversation = Conversation.objects.get(pk=hers["conversation"])
    assert follow_up(client, conversation, text="x", parent=his["answer"]).status_code == 404


def test_every_post_needs_the_csrf_token(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert create(client).status_code == 403
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"text": ""}, 422, "text_required"),
        ({"text": " \n "}, 422, "text_required"),
        ({"text": "x" * 262_145}, 413, "text_too_long"),
        ({"text": "字" * 87_382}, 413, "text_too_long"),
        ({"text": "x", "temperature": "2.1"}, 422, "temperature_max_value"),
        ({"text": "x", "temperature": "warm"}, 422, "temperature_invalid"),
        ({"text": "x", "temperature": "nan"}, 422, "temperature_invalid"),
        ({"text": "x", "top_p": "-0.1"}, 422, "top_p_min_value"),
        ({"text": "x", "max_tokens": "0"}, 422, "max_tokens_min_value"),
        ({"text": "x", "max_tokens": "1.5"}, 422, "max_tokens_invalid"),
        ({"text": "x", "model": "no-such-model"}, 422, "model_no_model"),
        ({"text": "x", "model": "gpt-realtime"}, 422, "model_model_not_usable"),
        ({"text": "x", "id": "not-an-id"}, 422, "id_invalid"),
    ],
)
def test_what_cannot_be_sent_is_told(
    alice: User, signed_in: SignIn, fields: dict[str, str], status: int, code: str
) -> None:
    answer = post(signed_in(alice), reverse("conversation_create"), **fields)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert error["message"]
    # The composer opens the menu that has the field.
    name = next((name for name in ("temperature", "top_p", "max_tokens") if name in fields), None)
    assert error.get("field") == name
    assert not Message.objects.exists()


def test_the_longest_message_is_sent_whole(
    alice: User, signed_in: SignIn, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.say("Long.")
    text = "字" * 87_381
    assert create(signed_in(alice), text).status_code == 201
    only_run()
    assert fake_upstream.bodies[0]["messages"][0]["content"] == text


def test_nul_and_lone_surrogates_do_not_cost_the_message(alice: User, signed_in: SignIn) -> None:
    assert create(signed_in(alice), "a\x00b").status_code == 201
    only_run()
    assert Message.objects.filter(role="user").get().text == "ab"


def test_a_person_has_only_so_many_answers_at_once(
    alice: User,
    bob: User,
    signed_in: SignIn,
    fake_upstream: FakeUpstream,
    settings: Settings,
) -> None:
    settings.MAX_RUNNING_ANSWERS = 2
    gates = [fake_upstream.hold("a"), fake_upstream.hold("b")]
    client = signed_in(alice)
    first = create(client).json()
    assert "1 reply is in progress" in first["notice"]
    create(client)
    refused = create(client)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "running")
    assert "2 replies" in refused.json()["error"]["message"]
    assert create(signed_in(bob)).status_code == 201
    for gate in gates:
        assert gate.wait_reached()
        gate.release()
    wait_for(lambda: not Generation.objects.filter(status__in=Generation.ACTIVE).exists())
    assert create(client).status_code == 201
    wait_for(lambda: not Generation.objects.filter(status__in=Generation.ACTIVE).exists())


def test_a_person_sends_only_so_many_a_minute(
    alice: User, signed_in: SignIn, settings: Settings
) -> None:
    settings.MAX_MESSAGES_PER_MINUTE = 4
    client = signed_in(alice)
    notices = []
    for _ in range(4):
        notices.append(create(client).json()["notice"])
        wait_for(lambda: not Generation.objects.filter(status__in=Generation.ACTIVE).exists())
    assert any("within a minute" in notice for notice in notices)
    refused = create(client)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "rate")


def test_nobody_talks_over_an_answer(
    alice: User, signed_in: SignIn, fake_upstream: FakeUpstream
) -> None:
    gate = fake_upstream.hold("so far")
    client = signed_in(alice)
    sent = create(client).json()
    conversation = Conversation.objects.get()
    refused = follow_up(client, conversation, text="And?")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "busy")
    again = post(client, reverse("regeneration", args=[conversation.pk, sent["answer"]]))
    assert again.json()["error"]["code"] == "busy"
    assert gate.wait_reached()
    gate.release()
    only_run()


def test_without_a_connection_it_says_whom_to_ask(
    alice: User, signed_in: SignIn, upstream_connection: Connection
) -> None:
    upstream_connection.delete()
    refused = create(signed_in(alice))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "no_connection")


def test_stop_is_a_post_that_anyone_of_her_tabs_may_make(
    alice: User, signed_in: SignIn, fake_upstream: FakeUpstream
) -> None:
    gate = fake_upstream.hold("so far")
    sent = create(signed_in(alice)).json()
    assert gate.wait_reached()
    stopped = post(signed_in(alice), reverse("cancellation", args=[sent["generation"]]))
    assert stopped.status_code == 204
    assert only_run().status == "stopped"
    again = post(signed_in(alice), reverse("cancellation", args=[sent["generation"]]))
    assert again.status_code == 204
    assert Generation.objects.get().status == "stopped"


def test_regenerate_makes_a_sibling_that_is_shown(
    alice: User, signed_in: SignIn, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.fail(401, "no")
    client = signed_in(alice)
    sent = create(client).json()
    assert only_run().status == "failed"
    conversation = Conversation.objects.get()
    again = post(client, reverse("regeneration", args=[conversation.pk, sent["answer"]]))
    assert again.status_code == 201
    conversation.refresh_from_db()
    first, second = Message.objects.filter(role="assistant").order_by("id")
    assert first.parent_id == second.parent_id
    assert conversation.leaf == second
    assert ended(Generation.objects.get(message=second)).status == "completed"
    assert len(fake_upstream.bodies[1]["messages"]) == 1


def test_the_documented_bodies(
    alice: User, signed_in: SignIn, fake_upstream: FakeUpstream, upstream_connection: Connection
) -> None:
    """Check examples 1, 2 and 4 of the documented API, with the fields that a stream adds."""
    client = signed_in(alice)
    streamed = {"stream": True, "stream_options": {"include_usage": True}}
    create(client, "用一句话介绍自己", model="gpt-4o", tools="False")
    only_run()
    assert fake_upstream.bodies[0] == {
        "model": "gpt-4o",
        "messages": [{"role": "user", "content": "用一句话介绍自己"}],
        **streamed,
    }
    Connection.objects.update(is_plain=True)
    sent = create(
        client,
        "Hello, how are you?",
        model="gpt-5.4",
        system_prompt="You are a helpful assistant.",
        max_tokens=1024,
        temperature=0.7,
        tools="False",
    ).json()
    ended(Generation.objects.get(pk=sent["generation"]))
    assert fake_upstream.bodies[1] == {
        "model": "gpt-5.4",
        "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "Hello, how are you?"},
        ],
        "max_tokens": 1024,
        "temperature": 0.7,
    }
    assert list(fake_upstream.bodies[1]) == ["model", "messages", "max_tokens", "temperature"]


def test_an_image_request_looks_like_the_document_s(
    alice: User, signed_in: SignIn, fake_upstream: FakeUpstream
) -> None:
    create(signed_in(alice), "画一只在草地上奔跑的金毛犬", model="gpt-image-1", temperature=0.7)
    only_run()
    assert fake_upstream.bodies[0] == {
        "model": "gpt-image-1",
        "messages": [{"role": "user", "content": "画一只在草地上奔跑的金毛犬"}],
    }


def test_what_was_chosen_holds_for_the_conversation(alice: User, signed_in: SignIn) -> None:
    create(signed_in(alice), model="gpt-4.1", temperature="0", system_prompt=" Be brief. ")
    only_run()
    conversation = Conversation.objects.get()
    assert conversation.model == LanguageModel.objects.get(name="gpt-4.1")
    assert conversation.temperature == 0
    assert conversation.top_p is None
    assert conversation.system_prompt == "Be brief."


def test_extra_fields_change_nothing(alice: User, bob: User, signed_in: SignIn) -> None:
    create(
        signed_in(alice),
        owner=bob.pk,
        role="system",
        status="completed",
        base_url="http://evil",
        parts=json.dumps([{"type": "text", "text": "x"}]),
    )
    only_run()
    assert Conversation.objects.get().owner == alice
    assert [message.role for message in Message.objects.order_by("id")] == ["user", "assistant"]

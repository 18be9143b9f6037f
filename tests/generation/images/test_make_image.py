"""The image tool: its own call, its own row in the ledger, and a result in words."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client

from conversations.actions import sharing
from conversations.actions.generations import stop_generation
from conversations.generation.images import make_image
from conversations.models import (
    Connection,
    LanguageModel,
    Message,
    UsageRecord,
    User,
    WireRecord,
)
from conversations.queries.connections import choose_image_model
from tests.conftest import wait_for
from tests.fakes import behaviours
from tests.fakes.behaviours import Hold
from tests.fakes.images import show, show_picture
from tests.fakes.upstream import FakeUpstream
from tests.file_reading.files import picture
from tests.generation.helpers import answer_of, ask, ended, gone_on, resting, results, run_unasked

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")

PICTURE = picture(size=(60, 40))
CALL = (make_image.NAME, '{"prompt": "a dog, in ink"}')


@pytest.fixture(autouse=True)
def unasked(alice: User) -> None:
    run_unasked(alice, make_image.NAME)


def images(message: Message) -> list[dict[str, object]]:
    return [part for part in message.parts if part["type"] == "image"]


def test_an_image_is_made_during_the_answer(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.call(CALL)
    fake_upstream.script(show_picture(PICTURE, "markdown"))
    fake_upstream.say("There you are.")
    sent = ask(alice, "Draw a dog")
    assert ended(sent.generation).status == "completed"
    message = answer_of(sent)
    [part] = images(message)
    assert (part["alt"], part["model"]) == ("a dog, in ink", "gpt-image-1.5")
    assert message.attachments.get().digest == part["digest"]
    assert message.text == "There you are."
    asked, drawn, again = fake_upstream.bodies
    assert [tool["function"]["name"] for tool in asked["tools"]][-1] == "make_image"
    assert drawn == {
        "model": "gpt-image-1.5",
        "messages": [{"role": "user", "content": "a dog, in ink"}],
    }
    assert again["messages"][-1]["content"].startswith("The picture was made (60 x 40 pixels)")
    assert "base64" not in json.dumps(again)
    # The next request mentions it once, in the tool's result.
    fake_upstream.say("Yes.")
    ended(ask(alice, "Is it good?", conversation=sent.message.conversation).generation)
    assert "[Image" not in json.dumps(fake_upstream.bodies[3])


def test_the_image_call_has_rows_of_its_own(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.call(CALL)
    fake_upstream.script(show_picture(PICTURE))
    fake_upstream.say("There.")
    run = ended(ask(alice).generation)
    rows = UsageRecord.objects.order_by("id")
    assert [(row.purpose, row.model_name) for row in rows] == [
        ("tool_round", "gpt-5.4"),
        ("image", "gpt-image-1.5"),
        ("chat", "gpt-5.4"),
    ]
    assert {row.generation_id for row in rows} == {run.pk}
    # The answer counts the tokens of its own model, the ledger those of both.
    assert run.total_tokens == 44
    assert sum(row.total_tokens for row in rows) == 66
    assert [
        json.loads(record.account["body"])["model"]
        for record in WireRecord.objects.order_by("position")
    ] == ["gpt-5.4", "gpt-image-1.5", "gpt-5.4"]


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (show({"content": "I would rather not."}), "made no picture. It said: I would rather not."),
        (show({"content": None, "b64_json": "AAAA"}), "could not be kept (broken)"),
        (
            behaviours.fail(400, {"error": {"message": "No.", "code": "content_policy_violation"}}),
            "rules refused this prompt. It said: No.",
        ),
        (behaviours.fail(401, "Wrong key"), "could not be asked (key_refused (401))"),
    ],
)
def test_failures_are_told_to_the_model(
    alice: User, fake_upstream: FakeUpstream, behaviour: behaviours.Behaviour, words: str
) -> None:
    fake_upstream.call(CALL)
    fake_upstream.script(behaviour)
    fake_upstream.say("Sorry.")
    sent = ask(alice)
    assert ended(sent.generation).status == "completed"
    message = answer_of(sent)
    state, content = results(message)["call_1"]
    assert state == "failed"
    assert words in content
    assert images(message) == []
    assert UsageRecord.objects.filter(purpose="image").count() == 1


def test_stop_ends_the_image_call(alice: User, fake_upstream: FakeUpstream) -> None:
    gate = Hold()
    fake_upstream.call(CALL)
    fake_upstream.script(behaviours.say("never", hold=gate))
    sent = ask(alice)
    assert gate.wait_reached()
    stop_generation(sent.generation)
    assert ended(sent.generation).status == "stopped"
    assert fake_upstream.requests[1].wait_closed()
    assert images(answer_of(sent)) == []
    wait_for(lambda: UsageRecord.objects.filter(purpose="image").exists())


def test_the_image_tool_is_offered_where_a_connection_serves_a_model(
    alice: User, bob: User, fake_upstream: FakeUpstream
) -> None:
    def offered(user: User) -> bool:
        ended(ask(user).generation)
        names = [tool["function"]["name"] for tool in fake_upstream.bodies[-1]["tools"]]
        return "make_image" in names

    assert offered(alice)
    LanguageModel.objects.filter(name="gpt-image-1.5").update(is_enabled=False)
    assert choose_image_model(alice) == (
        LanguageModel.objects.get(name="gpt-image-1"),
        Connection.objects.get(),
    )
    LanguageModel.objects.filter(capability="image").update(is_enabled=False)
    assert not offered(alice)
    LanguageModel.objects.filter(capability="image").update(is_enabled=True)
    # The tool is not offered, because no connection serves an image model.
    connection = Connection.objects.get()
    connection.serves_all_models = False
    connection.save()
    connection.served_models.set(LanguageModel.objects.filter(name="gpt-5.4"))
    assert not offered(bob)


def test_a_share_shows_it_and_not_the_call(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.call(CALL)
    fake_upstream.script(show_picture(PICTURE))
    fake_upstream.say("There.")
    sent = ask(alice)
    ended(sent.generation)
    message = answer_of(sent)
    link = sharing.share(message.conversation, until=message, user=alice, terms=sharing.Terms())
    frozen = link.messages.get(role="assistant")
    assert [part["type"] for part in frozen.parts] == ["text", "image"]
    assert frozen.attachments.get().digest == images(message)[0]["digest"]


def test_an_approval_may_change_the_prompt(
    alice: User, fake_upstream: FakeUpstream, signed_in: Callable[[User], Client]
) -> None:
    alice.tool_modes = {make_image.NAME: "always"}
    alice.save()
    fake_upstream.call(CALL)
    sent = ask(alice, "Draw a dog")
    message = resting(sent)
    assert len(fake_upstream.bodies) == 1
    fake_upstream.script(show_picture(PICTURE))
    fake_upstream.say("There.")
    url = f"/c/{message.conversation_id}/messages/{message.pk}/approval/"
    fields = {"call": "call_1", "decision": "allow"}
    wrong = {**fields, "arguments": '{"prompt": ""}'}
    client = signed_in(alice)
    assert client.post(url, wrong, headers={"Accept": "application/json"}).status_code == 422
    right = {**fields, "arguments": '{"prompt": "a cat"}'}
    assert client.post(url, right, headers={"Accept": "application/json"}).status_code == 204
    assert gone_on(message).status == "completed"
    message.refresh_from_db()
    assert [image["alt"] for image in images(message)] == ["a cat"]
    assert fake_upstream.bodies[1]["messages"] == [{"role": "user", "content": "a cat"}]
    # Nor is it offered when it is switched off.
    alice.tool_modes = {make_image.NAME: "off"}
    alice.save()
    fake_upstream.say("No.")
    ended(ask(alice, "Again", conversation=sent.message.conversation).generation)
    names = [tool["function"]["name"] for tool in fake_upstream.bodies[-1]["tools"]]
    assert make_image.NAME not in names

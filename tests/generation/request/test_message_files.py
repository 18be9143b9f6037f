"""Attachments as the upstream receives them."""

from __future__ import annotations

import base64

import pytest

from conversations import file_store
from conversations.actions import attachments, runs
from conversations.actions.messages import Draft, send_message
from conversations.models import (
    Attachment,
    Connection,
    Conversation,
    LanguageModel,
    Message,
    User,
)
from conversations.models.identifiers import new_id
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.file_reading.files import picture
from tests.generation.helpers import ended
from tests.sockets import session_of

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")


def ask(user: User, text: str, *files: Attachment, model: str = "gpt-5.4") -> Message:
    conversation = Conversation.objects.filter(owner=user).select_related("leaf").first()
    sent = send_message(
        user=user,
        conversation=conversation,
        parent_id=None,
        draft=Draft(
            id=new_id(),
            text=text,
            model=LanguageModel.objects.get(name=model),
            attachments=tuple(file.pk for file in files),
        ),
        session_key=session_of(user),
    )
    ended(sent.generation)
    return Message.objects.get(pk=sent.answer.pk)


def test_text_goes_into_the_documented_string_under_its_name(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    file = attachments.upload(alice, name='my "data".csv', content="货物,3".encode())
    ask(alice, "What is in it?", file)
    ask(alice, "And now?")
    first, second = (body["messages"] for body in fake_upstream.bodies)
    content = "<file name=\"my 'data'.csv\">\n货物,3\n</file>\n\nWhat is in it?"
    assert first == [{"role": "user", "content": content}]
    assert second[0]["content"] == content


def test_an_image_goes_as_a_part_and_other_models_are_told_of_it(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    LanguageModel.objects.filter(name="gpt-5.4").update(sees_images=False)
    file = attachments.upload(alice, name="chart.png", content=picture())
    ask(alice, "What is it?", file, model="gpt-4o")
    ask(alice, "And now?", model="gpt-5.4")
    first, second = (body["messages"][0]["content"] for body in fake_upstream.bodies)
    data = base64.b64encode(file_store.read(file.digest)).decode()
    assert first == [
        {"type": "text", "text": "What is it?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}},
    ]
    assert second == (
        '<image name="chart.png">(an image; this model reads none)</image>\n\nWhat is it?'
    )


def test_refused_images_are_left_out_and_the_refusal_is_remembered(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    LanguageModel.objects.filter(name="gpt-4o").update(sees_images=None)
    file = attachments.upload(alice, name="chart.png", content=picture())
    words = "This model does not support image input."
    fake_upstream.script(behaviours.fail(400, words))
    answer = ask(alice, "What is it?", file, model="gpt-4o")
    assert answer.generation is not None
    assert answer.generation.error_kind == "images_refused"
    again = runs.regenerate(
        user=alice,
        message=answer,
        model=answer.generation.model,
        session_key=session_of(alice),
        without=runs.IMAGES,
    )
    ended(again.generation)
    assert "this model reads none" in fake_upstream.bodies[-1]["messages"][0]["content"]
    assert LanguageModel.objects.get(name="gpt-4o").sees_images is False


def test_a_connection_of_ones_own_decides_nothing_for_others(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    LanguageModel.objects.filter(name="gpt-4o").update(sees_images=None)
    file = attachments.upload(alice, name="chart.png", content=picture())
    fake_upstream.script(behaviours.fail(400, "image input is not supported"))
    answer = ask(alice, "What is it?", file, model="gpt-4o")
    assert answer.generation is not None
    Connection.objects.update(owner=alice)
    again = runs.regenerate(
        user=alice,
        message=answer,
        model=answer.generation.model,
        session_key=session_of(alice),
        without=runs.IMAGES,
    )
    ended(again.generation)
    assert LanguageModel.objects.get(name="gpt-4o").sees_images is None

"""Actions on a turn over HTTP, with and without scripts, and refused to strangers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations.actions import branches
from conversations.models import Conversation, Message, User
from tests.branches import as_parts, conversation_of

SignIn = Callable[[User], Client]
JSON = {"accept": "application/json"}
ROUTES = (
    "continuation",
    "fork",
    "message_deletion",
    "message_restoration",
    "regeneration",
    "revision",
    "showing",
)


@pytest.fixture
def conversation(alice: User) -> Conversation:
    return conversation_of(alice, pairs=2)


def nth(conversation: Conversation, number: int) -> Message:
    return conversation.messages.order_by("id")[number]


def post(client: Client, name: str, message: Message, **fields: object) -> Any:
    url = reverse(name, args=[message.conversation_id, message.pk])
    return client.post(url, {key: str(value) for key, value in fields.items()}, headers=JSON)


@pytest.mark.parametrize("name", ROUTES)
def test_a_stranger_gets_what_an_unknown_id_gets(
    charlie: User, conversation: Conversation, signed_in: SignIn, name: str
) -> None:
    client = signed_in(charlie)
    theirs = reverse(name, args=[conversation.pk, conversation.leaf_id])
    nobodys = reverse(name, args=[uuid.uuid4(), uuid.uuid4()])
    for ask in (client.get, client.post):
        answers = [ask(url, {"text": "x"}, headers=JSON) for url in (theirs, nobodys)]
        assert {answer.status_code for answer in answers} <= {404, 405}
        assert answers[0].content == answers[1].content
    assert Message.objects.visible().count() == 4
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize("name", ROUTES)
def test_a_message_of_another_conversation_is_not_found(
    alice: User, conversation: Conversation, signed_in: SignIn, name: str
) -> None:
    other = conversation_of(alice)
    url = reverse(name, args=[conversation.pk, other.leaf_id])
    assert signed_in(alice).post(url, {"text": "x"}, headers=JSON).status_code == 404


def test_another_version_comes_with_what_followed_it(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    first = nth(conversation, 0)
    version = Message.objects.create(
        conversation=conversation, role="user", parts=as_parts("Other")
    )
    answer = post(signed_in(alice), "showing", version)
    assert answer.status_code == 200
    thread = answer.json()
    assert (thread["after"], thread["revision"]) == (None, 1)
    assert thread["html"].count("<article") == 1
    assert 'aria-label="Version 2/2"' in thread["html"]
    assert reverse("showing", args=[conversation.pk, first.pk]) in thread["html"]
    back = post(signed_in(alice), "showing", first).json()
    assert back["html"].count("<article") == 4


def test_the_html_begins_with_what_the_change_follows(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    answer = nth(conversation, 3)
    thread = post(signed_in(alice), "revision", answer, text="Mine").json()
    assert thread["after"] == str(answer.parent_id)
    assert thread["html"].count("<article") == 2
    assert "<p>Mine</p>" in thread["html"]
    assert "edited</span>" in thread["html"]
    assert 'data-speaker="gpt-5.4"' in thread["html"]


def test_a_deletion_can_be_taken_back(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client, question = signed_in(alice), nth(conversation, 2)
    gone = post(client, "message_deletion", question).json()
    assert "Question 1" not in gone["html"]
    assert gone["html"].count("<article") == 1
    message_url = reverse("message", args=[conversation.pk, question.pk])
    assert client.get(message_url).status_code == 404
    back = post(client, "message_restoration", question).json()
    assert "Answer <strong>1</strong>" in back["html"]
    assert back["revision"] == gone["revision"] + 1


def test_without_scripts_a_deletion_leads_to_its_undo(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client, question = signed_in(alice), nth(conversation, 0)
    url = reverse("message_deletion", args=[conversation.pk, question.pk])
    page = client.post(url, follow=True).content.decode()
    undo = reverse("message_restoration", args=[conversation.pk, question.pk])
    assert f'action="{undo}"' in page
    assert "<article" not in page.split("<template")[0]
    assert "Question 0" in client.post(undo, follow=True).content.decode()


def test_without_scripts_editing_is_a_page(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client, answer = signed_in(alice), nth(conversation, 3)
    url = reverse("revision", args=[conversation.pk, answer.pk])
    page = client.get(url).content.decode()
    assert "Answer **1**</textarea>" in page
    led = client.post(url, {"text": "Mine"})
    conversation.refresh_from_db()
    assert led["Location"].endswith(f"#m-{conversation.leaf_id}")
    assert "<p>Mine</p>" in client.get(led["Location"]).content.decode()


def test_nothing_is_no_version(alice: User, conversation: Conversation, signed_in: SignIn) -> None:
    refused = post(signed_in(alice), "revision", nth(conversation, 3), text=" ")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "text_required")


def test_a_fork_leads_to_its_page(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    made = post(client, "fork", nth(conversation, 1))
    assert made.status_code == 201
    page = client.get(made.json()["url"]).content.decode()
    assert "Branch: A talk" in page
    assert "Question 0" in page
    assert "Question 1" not in page
    url = reverse("fork", args=[conversation.pk, conversation.leaf_id])
    assert client.post(url).status_code == 302


def test_an_answer_of_another_model_is_chosen_on_a_page_or_in_place(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client, answer = signed_in(alice), nth(conversation, 3)
    url = reverse("regeneration", args=[conversation.pk, answer.pk])
    assert 'name="model" value="gpt-4.1"' not in client.get(url).content.decode()
    refused = post(client, "regeneration", answer, model="gpt-realtime", connection="")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "model")


def test_a_version_that_is_gone_says_so(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    """Delete the message between the check and the lock."""
    client, answer = signed_in(alice), nth(conversation, 3)
    assert answer.parent
    branches.delete(answer.parent)
    refused = post(client, "revision", answer, text="Mine")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "deleted")
    assert "deleted in another tab" in refused.json()["error"]["message"]


def test_an_empty_conversation_is_a_page_to_write_on(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    branches.delete(nth(conversation, 0))
    client = signed_in(alice)
    assert client.get(reverse("conversation", args=[conversation.pk])).status_code == 200
    thread = client.get(reverse("thread", args=[conversation.pk])).content.decode()
    assert "<article" not in thread
    assert 'data-revision="1"' in thread


def test_a_question_that_lost_its_answer_offers_another(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    question = nth(conversation, 2)
    branches.delete(nth(conversation, 3))
    page = signed_in(alice).get(reverse("conversation", args=[conversation.pk])).content.decode()
    assert "This message has no reply." in page
    assert reverse("regeneration", args=[conversation.pk, question.pk]) in page

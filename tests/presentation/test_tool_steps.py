"""The steps of an answer: their states, lines and details."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from conversations.models import Conversation, Generation, User
from conversations.presentation.tool_steps import LONGEST, steps_of
from conversations.upstream.answer.parts import Part, ToolCallPart, ToolResultPart, to_json
from tests.branches import conversation_of

SignIn = Callable[[User], Client]


@pytest.fixture
def conversation(alice: User) -> Conversation:
    row = conversation_of(alice, pairs=1)
    assert row.leaf
    row.leaf.parts = to_json(
        [
            ToolCallPart("a", "calculator", '{"expression": "6 * 7"}'),
            ToolResultPart("a", "42", seconds=1.25),
            ToolCallPart("b", "<script>", "{"),
            ToolResultPart("b", "Error: <img src=x>", "failed"),
        ]
    ) + list(row.leaf.parts)
    row.leaf.save()
    return row


def steps_url(row: Conversation) -> str:
    return reverse("message_steps", args=[row.pk, row.leaf_id])


def test_its_person_reads_it(alice: User, conversation: Conversation, signed_in: SignIn) -> None:
    html = signed_in(alice).get(steps_url(conversation)).content.decode()
    assert "Used 1 of 2 tools" in html
    assert "Ran Calculator" in html
    assert "1.2 s" in html
    assert "<script>" not in html
    assert "<img" not in html


def test_a_stranger_gets_what_an_unknown_id_gets(
    charlie: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client = signed_in(charlie)
    theirs = client.get(steps_url(conversation))
    nobodys = client.get(reverse("message_steps", args=[uuid.uuid4(), uuid.uuid4()]))
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert theirs.content == nobodys.content


def test_the_page_and_the_transcript_show_the_same_ledger(
    alice: User, rita: User, conversation: Conversation, signed_in: SignIn
) -> None:
    page = signed_in(alice).get(reverse("conversation", args=[conversation.pk]))
    review = signed_in(rita).get(reverse("transcript", args=[conversation.pk]))
    for answer in (page, review):
        assert "Ran Calculator" in answer.content.decode()


def test_a_reply_that_ended_with_calls_says_so(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    assert conversation.leaf
    Generation.objects.create(
        message=conversation.leaf,
        model_name="m",
        status=Generation.Status.COMPLETED,
        finish_reason="tool_calls",
    )
    page = signed_in(alice).get(reverse("conversation", args=[conversation.pk]))
    assert "This reply ended with tool calls that didn’t run." in page.content.decode()


CALL = ToolCallPart("a", "calculator", '{"expression": "1"}')


@pytest.mark.parametrize(
    ("result", "is_active", "state"),
    [
        (None, True, "running"),
        (None, False, "unfinished"),
        (ToolResultPart("a", "1"), True, "done"),
        (ToolResultPart("a", "1", "denied"), False, "denied"),
    ],
)
def test_states(result: ToolResultPart | None, state: str, *, is_active: bool) -> None:
    parts: list[Part] = [CALL, *([result] if result else [])]
    [step] = steps_of(parts, is_active=is_active)
    assert step.state == state


@pytest.mark.parametrize(
    ("arguments", "line", "whole"),
    [
        ('{"a": "x", "b": 2}', "x, 2", '{\n  "a": "x",\n  "b": 2\n}'),
        ("{}", "", "{}"),
        ('{"a": ', '{"a":', '{"a": '),
        (json.dumps({"a": "y" * 500}), "y" * 119 + "…", json.dumps({"a": "y" * 500}, indent=2)),
    ],
)
def test_arguments(arguments: str, line: str, whole: str) -> None:
    [step] = steps_of([ToolCallPart("a", "t", arguments)], is_active=False)
    assert step.argument == line
    assert step.arguments == whole


def test_a_page_shows_the_beginning_of_a_long_result() -> None:
    [step] = steps_of([CALL, ToolResultPart("a", "z" * 10**6)], is_active=False)
    assert step.is_cut
    assert len(step.content) == LONGEST

"""The request of a run: the whole path, the parameters in force, and the rounds that follow."""

from __future__ import annotations

from typing import Any

import pytest

from conversations.generation.request import context
from conversations.generation.request.context import CONTINUE
from conversations.models import Generation, LanguageModel, Message, TeamSettings, User
from conversations.tools.base import Arguments, Tool, schema
from conversations.upstream.answer.parts import (
    Part,
    TextPart,
    ToolCallPart,
    ToolResultPart,
    to_json,
)
from conversations.upstream.request import ChatRequest
from tests.branches import as_parts, conversation_of, last_run

pytestmark = pytest.mark.django_db


async def nothing(_arguments: Arguments) -> str:
    return ""


TOOLS = {"f": Tool("f", "Does f.", schema({}), nothing)}


def request_of(run: Generation) -> ChatRequest:
    team = TeamSettings.objects.first() or TeamSettings()
    return context.request_for(run, context.basis_of(run, team), TOOLS)


def empty_answer(owner: User, **conversation: Any) -> Generation:
    """Make a run that is about to begin, at the end of two pairs."""
    run = last_run(conversation_of(owner, pairs=2, **conversation))
    run.message.parts = []
    run.message.save()
    return run


def test_the_whole_path_is_sent_and_instructions_come_first(alice: User) -> None:
    alice.instructions = "Be brief."
    alice.save()
    run = empty_answer(alice, system_prompt="You are a clerk.")
    assert request_of(run).messages == [
        {"role": "system", "content": "You are a clerk.\n\nBe brief."},
        {"role": "user", "content": "Question 0"},
        {"role": "assistant", "content": "Answer **0**"},
        {"role": "user", "content": "Question 1"},
    ]


def test_an_answer_that_breaks_off_in_its_text_is_continued(alice: User) -> None:
    run = last_run(conversation_of(alice))
    roles = [message["role"] for message in request_of(run).messages]
    assert roles == ["user", "assistant", "user"]
    assert request_of(run).messages[-1]["content"] == CONTINUE


def test_an_answer_that_ends_with_a_result_goes_on_by_itself(alice: User) -> None:
    run = empty_answer(alice)
    run.message.parts = to_json([ToolCallPart("1", "f", "{}"), ToolResultPart("1", "42")])
    messages = request_of(run).messages
    assert [message["role"] for message in messages[-2:]] == ["assistant", "tool"]


def test_the_record_has_the_source_of_each_parameter_but_no_prompt(alice: User) -> None:
    TeamSettings.objects.create(temperature=0.5)
    run = empty_answer(alice, max_tokens=64, system_prompt="Secret.")
    team = TeamSettings.objects.get()
    assert context.basis_of(run, team).parameters == {
        "temperature": {"source": "team", "value": 0.5},
        "max_tokens": {"source": "conversation", "value": 64},
        "system_prompt": {"source": "conversation"},
    }


@pytest.mark.parametrize(
    ("choice", "sent"),
    [
        ("", None),
        ("required", "required"),
        ("f", {"type": "function", "function": {"name": "f"}}),
        ("gone", None),
    ],
)
def test_a_tool_choice_names_what_is_there(alice: User, choice: str, sent: object) -> None:
    request = request_of(empty_answer(alice, tools=True, tool_choice=choice))
    assert len(request.tools) == 1
    assert request.tool_choice == sent


def test_an_image_model_is_offered_no_tools(alice: User) -> None:
    run = empty_answer(alice, tools=True)
    run.model = LanguageModel.objects.get(name="gpt-image-1")
    request = request_of(run)
    assert (request.image, request.tools) == (True, ())


def test_a_model_that_answers_in_one_piece_is_asked_for_one(alice: User) -> None:
    run = empty_answer(alice)
    assert request_of(run).stream
    assert run.model
    run.model.is_plain = True
    assert not request_of(run).stream


def test_a_round_adds_its_calls_and_results_and_the_last_one_forbids_more() -> None:
    first = ChatRequest("m", [{"role": "user", "content": "Go"}], tools=[{}], tool_choice="auto")
    added: list[Part] = [
        TextPart("Let me see."),
        ToolCallPart("1", "f", "{}"),
        ToolResultPart("1", "42"),
    ]
    second = context.next_round(first, added, is_last=False)
    assert [message["role"] for message in second.messages] == ["user", "assistant", "tool"]
    assert second.tool_choice is None
    assert context.next_round(second, [], is_last=True).tool_choice == "none"


def test_only_the_path_is_sent(alice: User) -> None:
    run = empty_answer(alice)
    Message.objects.create(
        conversation=run.message.conversation,
        parent=run.message.parent and run.message.parent.parent,
        role="user",
        parts=as_parts("Another version"),
    )
    contents = [message["content"] for message in request_of(run).messages]
    assert contents == ["Question 0", "Answer **0**", "Question 1"]

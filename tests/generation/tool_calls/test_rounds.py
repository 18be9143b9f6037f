"""The loop of tool rounds: request, run the calls, request again."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from conversations.actions.generations import stop_generation
from conversations.actions.messages import Parameters
from conversations.actions.runs import continue_answer
from conversations.generation.live import hub
from conversations.generation.records import leases
from conversations.generation.request.context import CONTINUE
from conversations.generation.tool_calls import rounds, toolbox
from conversations.models import (
    Connection,
    Generation,
    LanguageModel,
    TeamSettings,
    UsageRecord,
    User,
)
from conversations.models.identifiers import new_id
from conversations.tools.base import Arguments, Tool, schema
from conversations.upstream.answer.history import NOT_FINISHED
from tests.conftest import EngineThread, wait_for
from tests.fakes import behaviours
from tests.fakes.calls import SHAPES, make_calls
from tests.fakes.upstream import FakeUpstream
from tests.fakes.website import FakeSite, serve
from tests.generation.helpers import WITHOUT_TOOLS, answer_of, ask, ended, results, run_unasked
from tests.sockets import session_of

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")


class Gate:
    """A tool that waits, and records whether it was cancelled."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.cancelled = threading.Event()
        self.running = self.most = 0

    def tool(self, seconds: float) -> Tool:
        async def run(arguments: Arguments) -> str:
            self.running += 1
            self.most = max(self.most, self.running)
            self.begun.set()
            try:
                await asyncio.sleep(seconds)
            except asyncio.CancelledError:
                self.cancelled.set()
                raise
            finally:
                self.running -= 1
            return "awake"

        return Tool("wait", "Waits", schema({}), run)


@pytest.fixture(autouse=True)
def unasked(alice: User) -> None:
    run_unasked(alice, "wait", "search_conversations", "read_web_page")


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Gate]:
    """Return a function that makes a waiting tool the only one."""

    def make(seconds: float) -> Gate:
        made = Gate()
        monkeypatch.setattr(toolbox, "tools_for", lambda *_, **__: {"wait": made.tool(seconds)})
        return made

    return make


@pytest.mark.parametrize("is_plain", [False, True])
def test_a_call_is_run_and_the_model_asked_again(
    alice: User, fake_upstream: FakeUpstream, *, is_plain: bool
) -> None:
    Connection.objects.update(is_plain=is_plain)
    fake_upstream.call(("calculator", '{"expression": "6 * 7"}'), text="Let me see.")
    fake_upstream.say("It is 42.")
    sent = ask(alice, "6 * 7?")
    generation = ended(sent.generation)
    assert generation.status == "completed"
    message = answer_of(sent)
    assert message.text == "Let me see.\n\nIt is 42."
    assert results(message) == {"call_1": ("done", "42")}
    assert message.html.count("data-block") == 2
    first, second = fake_upstream.bodies
    assert [tool["function"]["name"] for tool in first["tools"]] == [
        "current_time",
        "calculator",
        "search_conversations",
        "read_web_page",
        "make_image",
    ]
    assert "tool_choice" not in first | second
    assert second["tools"] == first["tools"]
    function = {"name": "calculator", "arguments": '{"expression": "6 * 7"}'}
    assert second["messages"] == [
        {"role": "user", "content": "6 * 7?"},
        {
            "role": "assistant",
            "content": "Let me see.",
            "tool_calls": [{"id": "call_1", "type": "function", "function": function}],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "42"},
    ]


def test_the_next_message_sends_the_whole_round_again(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.call(("current_time", "{}"))
    fake_upstream.say("Noon.")
    sent = ask(alice)
    ended(sent.generation)
    ended(ask(alice, "Thanks", conversation=answer_of(sent).conversation).generation)
    roles = [turn["role"] for turn in fake_upstream.bodies[2]["messages"]]
    assert roles == ["user", "assistant", "tool", "assistant", "user"]


def test_tools_are_on_until_somebody_turns_them_off(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    ended(ask(alice, parameters=Parameters()).generation)
    TeamSettings.objects.create(tools=True, tool_choice="required")
    ended(ask(alice, parameters=Parameters()).generation)
    ended(ask(alice, parameters=Parameters(tools=False)).generation)
    ended(ask(alice, parameters=Parameters(tool_choice="calculator")).generation)
    ended(ask(alice, parameters=Parameters(tool_choice="gone")).generation)
    choices = [(bool(body.get("tools")), body.get("tool_choice")) for body in fake_upstream.bodies]
    named = {"type": "function", "function": {"name": "calculator"}}
    assert choices == [
        (True, None),
        (True, "required"),
        (False, None),
        (True, named),
        (True, None),
    ]


def test_every_mistake_is_told_to_the_model(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.call(
        ("calculator", '{"expression": "1/0"}'),
        ("calculator", '{"expr'),
        ("calculator", "{}"),
        ("weather", "{}"),
        ("current_time", ""),
    )
    fake_upstream.say("I see.")
    sent = ask(alice)
    assert ended(sent.generation).status == "completed"
    found = results(answer_of(sent))
    assert [found[f"call_{n}"][0] for n in range(1, 6)] == ["failed"] * 4 + ["done"]
    told = [turn["content"] for turn in fake_upstream.bodies[1]["messages"][2:]]
    assert told[0] == "Error: this divides by zero."
    assert told[1] == 'Error: the arguments are not a JSON object: {"expr'
    assert "'expression' is a required property" in told[2]
    assert 'no tool named "weather"' in told[3]
    assert json.loads(told[4])["time_zone"] == "UTC"
    sent_back = fake_upstream.bodies[1]["messages"][1]["tool_calls"][1]["function"]
    assert sent_back == {"name": "calculator", "arguments": "{}"}


def test_calls_in_every_shape_are_run_and_sent_back(
    alice: User, fake_upstream: FakeUpstream, settings: Settings
) -> None:
    settings.MAX_MESSAGES_PER_MINUTE = len(SHAPES)
    for name, shape in SHAPES.items():
        fake_upstream.script(make_calls(shape))
        fake_upstream.say("Done.")
        sent = ask(alice)
        assert ended(sent.generation).status == "completed", name
        message = answer_of(sent)
        assert message.text == f"{shape.words}\n\nDone.".strip(), name
        state = "failed" if shape.fails else "done"
        ids = [key for key, _, _ in shape.calls]
        assert {key: result[0] for key, result in results(message).items()} == dict.fromkeys(
            ids, state
        ), name
        called, *told = fake_upstream.bodies[-1]["messages"][1:]
        assert [each["id"] for each in called["tool_calls"]] == ids, name
        assert [turn["tool_call_id"] for turn in told] == ids, name
        for each in called["tool_calls"]:
            assert isinstance(json.loads(each["function"]["arguments"]), dict), name


def test_each_call_to_the_upstream_is_in_the_ledger(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.call(("current_time", "{}"))
    fake_upstream.script(behaviours.call(("calculator", '{"expression": "1"}'), usage=False))
    fake_upstream.say("Done.")
    generation = ended(ask(alice).generation)
    rows = list(UsageRecord.objects.order_by("id"))
    assert [row.purpose for row in rows] == ["tool_round", "tool_round", "chat"]
    assert [row.is_estimated for row in rows] == [False, True, False]
    assert all(row.generation == generation for row in rows)
    assert generation.prompt_tokens == sum(row.prompt_tokens for row in rows)
    assert generation.completion_tokens == sum(row.completion_tokens for row in rows)
    assert generation.is_usage_estimated
    assert rows[1].completion_tokens > 0


def test_the_person_s_other_conversations_are_searched_and_nobody_else_s(
    alice: User, bob: User, fake_upstream: FakeUpstream
) -> None:
    for person in (alice, bob):
        ended(ask(person, f"The harbour of {person.name}", Parameters()).generation)
    fake_upstream.call(("search_conversations", '{"query": "harbour"}'))
    sent = ask(alice, "What did I say of the harbour?")
    ended(sent.generation)
    found = json.loads(results(answer_of(sent))["call_1"][1])["found"]
    assert [hit["title"] for hit in found] == ["The harbour of Alice"]
    assert any("harbour of Alice" in passage["text"] for passage in found[0]["passages"])


def test_ten_rounds_and_then_a_last_word(alice: User, fake_upstream: FakeUpstream) -> None:
    for _ in range(rounds.MAX_ROUNDS):
        fake_upstream.call(("current_time", "{}"))
    fake_upstream.say("That is all.")
    sent = ask(alice)
    assert ended(sent.generation).status == "completed"
    assert answer_of(sent).text == "That is all."
    assert len(fake_upstream.bodies) == rounds.MAX_ROUNDS + 1
    assert "tool_choice" not in fake_upstream.bodies[-2]
    assert fake_upstream.bodies[-1]["tool_choice"] == "none"
    assert len(results(answer_of(sent))) == rounds.MAX_ROUNDS


def test_a_model_that_never_stops_calling_is_stopped(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.default = behaviours.call(("current_time", "{}"))
    sent = ask(alice)
    generation = ended(sent.generation)
    assert (generation.status, generation.finish_reason) == ("completed", "tool_calls")
    assert len(fake_upstream.bodies) == rounds.MAX_ROUNDS + 1


def test_sixteen_calls_a_round_a_few_at_a_time(
    alice: User, fake_upstream: FakeUpstream, gate: Callable[[float], Gate]
) -> None:
    waiting = gate(0.02)
    fake_upstream.call(*[("wait", "{}")] * 20)
    sent = ask(alice)
    ended(sent.generation)
    states = [state for state, _ in results(answer_of(sent)).values()]
    assert (states.count("done"), states.count("failed")) == (16, 4)
    assert waiting.most == rounds.CONCURRENCY


@pytest.mark.parametrize("finish", ["length", "content_filter"])
def test_calls_that_were_cut_off_are_not_run(
    alice: User, fake_upstream: FakeUpstream, finish: str
) -> None:
    fake_upstream.call(("calculator", '{"expression": "1'), finish=finish)
    sent = ask(alice)
    assert ended(sent.generation).finish_reason == finish
    assert results(answer_of(sent)) == {}
    assert len(fake_upstream.bodies) == 1


def test_calls_of_what_was_not_offered_are_not_run(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.call(("current_time", "{}"))
    sent = ask(alice, parameters=WITHOUT_TOOLS)
    assert ended(sent.generation).finish_reason == "tool_calls"
    assert results(answer_of(sent)) == {}
    assert len(fake_upstream.bodies) == 1


def test_stop_works_in_the_middle_of_a_call(
    alice: User, fake_upstream: FakeUpstream, gate: Callable[[float], Gate]
) -> None:
    waiting = gate(20)
    fake_upstream.call(("wait", "{}"), text="One moment.")
    sent = ask(alice)
    assert waiting.begun.wait(30)
    stop_generation(Generation.objects.get(pk=sent.generation.pk))
    assert ended(sent.generation).status == "stopped"
    assert waiting.cancelled.wait(30)
    message = answer_of(sent)
    assert message.text == "One moment."
    assert [part["type"] for part in message.parts] == ["text", "tool_call"]
    # The one request that was made is in the ledger once.
    assert [row.purpose for row in UsageRecord.objects.all()] == ["tool_round"]
    assert ended(ask(alice, "Go on", conversation=message.conversation).generation)
    turns = fake_upstream.bodies[-1]["messages"]
    assert turns[2] == {"role": "tool", "tool_call_id": "call_1", "content": NOT_FINISHED}


def test_continue_after_a_stop_in_a_call_does_not_run_it_again(
    alice: User, fake_upstream: FakeUpstream, gate: Callable[[float], Gate]
) -> None:
    waiting = gate(20)
    fake_upstream.call(("wait", "{}"), text="One moment.")
    sent = ask(alice)
    assert waiting.begun.wait(30)
    stop_generation(Generation.objects.get(pk=sent.generation.pk))
    ended(sent.generation)
    waiting.begun.clear()
    fake_upstream.say("Never mind.")
    again = continue_answer(user=alice, message=answer_of(sent), session_key=session_of(alice))
    assert ended(again.generation).status == "completed"
    assert not waiting.begun.is_set()
    assert answer_of(sent).text == "One moment.\n\nNever mind."
    assert results(answer_of(sent)) == {"call_1": ("failed", NOT_FINISHED)}
    assert [turn["role"] for turn in fake_upstream.bodies[1]["messages"]] == [
        "user",
        "assistant",
        "tool",
    ]


@pytest.mark.parametrize("finish", ["stop", "function_call"])
def test_calls_count_whatever_the_server_calls_their_end(
    alice: User, fake_upstream: FakeUpstream, finish: str
) -> None:
    fake_upstream.call(("calculator", '{"expression": "1 + 1"}'), finish=finish)
    fake_upstream.say("Two.")
    sent = ask(alice)
    assert ended(sent.generation).status == "completed"
    assert results(answer_of(sent)) == {"call_1": ("done", "2")}


def test_a_stream_that_is_cut_in_a_call_runs_nothing(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    piece = {"index": 0, "id": "a", "function": {"name": "calculator", "arguments": "{}"}}
    chunk = {"choices": [{"index": 0, "delta": {"tool_calls": [piece]}}]}
    fake_upstream.script(behaviours.body(f"data: {json.dumps(chunk)}\n\n".encode()))
    sent = ask(alice)
    assert ended(sent.generation).status == "interrupted"
    assert results(answer_of(sent)) == {}
    assert len(fake_upstream.bodies) == 1


def test_what_a_killed_process_left_goes_on_with_the_next_message(
    alice: User,
    fake_upstream: FakeUpstream,
    gate: Callable[[float], Gate],
    running_engine: EngineThread,
) -> None:
    waiting = gate(20)
    fake_upstream.call(("wait", "{}"))
    sent = ask(alice)
    assert waiting.begun.wait(30)
    # Checkpointed, and then owned by another process, so that this one writes nothing more.
    wait_for(lambda: answer_of(sent).parts)
    Generation.objects.filter(pk=sent.generation.pk).update(lease_owner=new_id())
    wait_for(lambda: hub.view(sent.generation.pk) is None)
    assert leases.interrupt_orphans() == 1
    ended(ask(alice, "Go on", conversation=answer_of(sent).conversation).generation)
    roles = [turn["role"] for turn in fake_upstream.bodies[-1]["messages"]]
    assert roles == ["user", "assistant", "tool", "user"]


def test_an_error_in_a_later_round_keeps_what_came(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.call(("current_time", "{}"))
    fake_upstream.fail(401, "no")
    sent = ask(alice)
    generation = ended(sent.generation)
    assert (generation.status, generation.error_kind) == ("failed", "key_refused")
    assert list(results(answer_of(sent))) == ["call_1"]
    assert [row.purpose for row in UsageRecord.objects.order_by("id")] == ["tool_round", "chat"]


def test_refused_stream_options_are_refused_once(
    alice: User, fake_upstream: FakeUpstream, upstream_connection: Connection
) -> None:
    fake_upstream.fail(400, "Unrecognized request argument supplied: stream_options")
    fake_upstream.call(("current_time", "{}"))
    fake_upstream.say("Noon.")
    assert ended(ask(alice).generation).status == "completed"
    assert ["stream_options" in body for body in fake_upstream.bodies] == [True, False, False]
    upstream_connection.refresh_from_db()
    assert upstream_connection.refuses_stream_options


def test_a_model_that_refuses_tools_is_offered_none_again(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.fail(400, "This model does not support tools")
    sent = ask(alice)
    assert ended(sent.generation).status == "completed"
    assert LanguageModel.objects.get(name="gpt-5.4").calls_tools is False
    ended(ask(alice, "Again", conversation=sent.message.conversation).generation)
    assert ["tools" in body for body in fake_upstream.bodies] == [True, False, False]


def test_a_continued_answer_may_call_tools(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.say("One, two", finish="length")
    sent = ask(alice)
    ended(sent.generation)
    fake_upstream.call(("current_time", "{}"), text=", so")
    fake_upstream.say("three.")
    again = continue_answer(user=alice, message=answer_of(sent), session_key=session_of(alice))
    assert ended(again.generation).status == "completed"
    assert answer_of(sent).text == "One, two, so\n\nthree."
    turns: list[dict[str, Any]] = fake_upstream.bodies[2]["messages"]
    assert [turn["content"] for turn in turns[1:4]] == ["One, two", CONTINUE, ", so"]


def test_a_web_page_is_read_where_the_operator_allows_it(
    alice: User, fake_upstream: FakeUpstream, settings: Settings
) -> None:
    with FakeSite() as site:
        site.pages["/"] = serve("<title>Harbour</title><p>Closed on Sundays.")
        for allowed in ([], ["127.0.0.1"]):
            settings.TOOL_ALLOWED_HOSTS = allowed
            fake_upstream.call(("read_web_page", json.dumps({"url": f"{site.url}/"})))
            fake_upstream.say("I see.")
            sent = ask(alice)
            ended(sent.generation)
            state, content = results(answer_of(sent))["call_1"]
            assert state == ("done" if allowed else "failed")
            assert ("Closed on Sundays." in content) == bool(allowed)
            assert site.accepted == len(allowed)

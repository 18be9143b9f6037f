"""Tool calls that need approval, which wait in the database for the decision."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.actions.approvals import decide
from conversations.actions.generations import stop_generation
from conversations.actions.tree import BusyError
from conversations.generation.records import approvals, leases
from conversations.generation.records.approvals import Decision
from conversations.models import (
    Generation,
    HttpTool,
    Message,
    TeamSettings,
    ToolApproval,
    UsageRecord,
    User,
)
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import PRODUCT, answer_of, ask, decide_call, gone_on, resting, results
from tests.sockets import session_of

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")
SignIn = Callable[[User], Client]


def mode(user: User, said: str) -> None:
    user.tool_modes = {"calculator": said}
    user.save()


def test_an_allowed_call_runs_and_the_model_goes_on(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    mode(alice, "always")
    fake_upstream.call(("calculator", PRODUCT), ("current_time", "{}"), text="Let me see.")
    fake_upstream.say("It is 42.")
    sent = ask(alice, "6 * 7?")
    message = resting(sent)
    # The other call has run already, and the approval survives as a row.
    assert list(results(message)) == ["call_2"]
    assert leases.interrupt_orphans() == 0
    decide_call(alice, message)
    last = gone_on(message)
    assert last.status == "completed"
    assert last.pk != sent.generation.pk
    message.refresh_from_db()
    assert message.text == "Let me see.\n\nIt is 42."
    assert results(message)["call_1"] == ("done", "42")
    turns = fake_upstream.bodies[1]["messages"]
    assert [turn["role"] for turn in turns] == ["user", "assistant", "tool", "tool"]
    assert turns[2] == {"role": "tool", "tool_call_id": "call_1", "content": "42"}
    assert [row.purpose for row in UsageRecord.objects.order_by("id")] == ["tool_round", "chat"]
    sent.generation.refresh_from_db()
    assert sent.generation.status == "completed"


def test_a_denied_call_is_told_to_the_model(alice: User, fake_upstream: FakeUpstream) -> None:
    mode(alice, "always")
    fake_upstream.call(("calculator", PRODUCT))
    fake_upstream.say("As you wish.")
    message = resting(ask(alice))
    decide_call(alice, message, is_allowed=False)
    assert gone_on(message).status == "completed"
    message.refresh_from_db()
    assert results(message) == {"call_1": ("denied", approvals.DENIED)}
    assert fake_upstream.bodies[1]["messages"][2]["content"] == approvals.DENIED


def test_changed_arguments_are_what_runs_and_what_the_model_reads(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    mode(alice, "always")
    fake_upstream.call(("calculator", PRODUCT))
    fake_upstream.say("Two.")
    message = resting(ask(alice))
    other = '{"expression": "1 + 1"}'
    decide_call(alice, message, arguments=other)
    gone_on(message)
    message.refresh_from_db()
    assert results(message) == {"call_1": ("done", "2")}
    call = fake_upstream.bodies[1]["messages"][1]["tool_calls"][0]
    assert call["function"]["arguments"] == other


def test_the_first_decision_counts_and_all_calls_need_one(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    mode(alice, "always")
    fake_upstream.call(("calculator", PRODUCT), ("calculator", '{"expression": "1"}'))
    fake_upstream.say("Done.")
    message = resting(ask(alice))
    decide_call(alice, message)
    with pytest.raises(BusyError):
        decide_call(alice, message, is_allowed=False)
    assert message.generations.count() == 1
    decide_call(alice, message, "call_2", arguments='{"expression": "1"}')
    assert gone_on(message).status == "completed"
    message.refresh_from_db()
    assert [state for state, _ in results(message).values()] == ["done", "done"]


def test_once_needs_one_approval_a_conversation(alice: User, fake_upstream: FakeUpstream) -> None:
    mode(alice, "once")
    fake_upstream.call(("calculator", PRODUCT))
    fake_upstream.say("42.")
    message = resting(ask(alice))
    decide_call(alice, message)
    gone_on(message)
    fake_upstream.call(("calculator", PRODUCT))
    fake_upstream.say("Still 42.")
    again = ask(alice, "Again", conversation=message.conversation)
    assert gone_on(again.answer).status == "completed"
    fake_upstream.call(("calculator", PRODUCT))
    resting(ask(alice, "Elsewhere"))


@pytest.mark.parametrize(
    ("own", "team", "asks"),
    [("run", "always", True), ("always", "run", True), ("run", "run", False)],
)
def test_the_stricter_mode_of_user_and_team_holds(
    alice: User, fake_upstream: FakeUpstream, own: str, team: str, *, asks: bool
) -> None:
    TeamSettings.objects.create(tool_modes={"calculator": team})
    mode(alice, own)
    fake_upstream.call(("calculator", PRODUCT))
    sent = ask(alice)
    if asks:
        resting(sent)
    else:
        assert gone_on(sent.answer).status == "completed"
    assert ToolApproval.objects.exists() == asks


def test_a_call_that_cannot_run_needs_no_approval(alice: User, fake_upstream: FakeUpstream) -> None:
    mode(alice, "always")
    fake_upstream.call(("calculator", '{"expr'))
    sent = ask(alice)
    assert gone_on(sent.answer).status == "completed"
    assert results(answer_of(sent))["call_1"][0] == "failed"


def test_a_call_that_nobody_decides_is_denied_after_a_time(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    mode(alice, "always")
    fake_upstream.call(("calculator", PRODUCT))
    message = resting(ask(alice))
    assert approvals.expire() == []
    ToolApproval.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(BusyError):
        decide_call(alice, message)
    [generation] = approvals.expire()
    assert generation.status == "completed"
    message.refresh_from_db()
    assert results(message) == {"call_1": ("denied", approvals.NOT_ANSWERED)}
    assert not ToolApproval.objects.filter(state="waiting").exists()
    # The conversation can go on.
    later = ask(alice, "Well?", conversation=message.conversation)
    assert gone_on(later.answer).status == "completed"
    assert fake_upstream.bodies[-1]["messages"][2]["content"] == approvals.NOT_ANSWERED


def test_stop_withdraws_the_approval(alice: User, fake_upstream: FakeUpstream) -> None:
    mode(alice, "always")
    fake_upstream.call(("calculator", PRODUCT))
    sent = ask(alice)
    message = resting(sent)
    stop_generation(Generation.objects.get(pk=sent.generation.pk))
    sent.generation.refresh_from_db()
    assert sent.generation.status == "stopped"
    with pytest.raises(BusyError):
        decide_call(alice, message)
    assert gone_on(ask(alice, "Go on", conversation=message.conversation).answer)


def url_of(message: Message) -> str:
    return reverse("approval", args=[message.conversation_id, message.pk])


def test_the_owner_decides_over_http(
    alice: User, fake_upstream: FakeUpstream, signed_in: SignIn
) -> None:
    mode(alice, "always")
    fake_upstream.call(("calculator", PRODUCT))
    message = resting(ask(alice))
    client = signed_in(alice)
    page = client.get(reverse("conversation", args=[message.conversation_id])).content.decode()
    assert "Allow “Calculator”?" in page
    json = {"accept": "application/json"}
    fields = {"call": "call_1", "decision": "allow", "arguments": '{"expression": 7}'}
    wrong = client.post(url_of(message), fields, headers=json)
    assert wrong.status_code == 422
    assert "can’t take these arguments" in wrong.json()["error"]["message"]
    assert client.post(url_of(message), fields | {"call": "x"}).status_code == 404
    right = client.post(url_of(message), fields | {"arguments": PRODUCT})
    assert right.status_code == 302
    assert gone_on(message).status == "completed"
    late = client.post(url_of(message), fields | {"arguments": PRODUCT}, headers=json)
    assert late.status_code == 409


def test_a_stranger_gets_what_an_unknown_id_gets(
    alice: User, charlie: User, fake_upstream: FakeUpstream, signed_in: SignIn
) -> None:
    mode(alice, "always")
    fake_upstream.call(("calculator", PRODUCT))
    message = resting(ask(alice))
    client = signed_in(charlie)
    fields = {"call": "call_1", "decision": "allow"}
    theirs = client.post(url_of(message), fields)
    nobodys = client.post(reverse("approval", args=[uuid.uuid4(), uuid.uuid4()]), fields)
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert theirs.content == nobodys.content
    assert ToolApproval.objects.get().state == "waiting"


def test_modes_are_set_by_a_user_and_by_an_administrator(
    alice: User, rita: User, signed_in: SignIn
) -> None:
    signed_in(alice).post(reverse("settings_defaults"), {"mode_calculator": "once"})
    alice.refresh_from_db()
    assert alice.tool_modes == {"calculator": "once"}
    fields = {"team-titles": "words", "team-mode_read_web_page": "always"}
    signed_in(rita).post(reverse("team_defaults"), fields)
    assert TeamSettings.objects.get().tool_modes == {"read_web_page": "always"}
    page = signed_in(alice).get(reverse("settings_defaults")).content.decode()
    assert "Asks once" in page


def allow_always(user: User, message: Message, call: str = "call_1") -> None:
    decide(
        user=user,
        message=message,
        call_id=call,
        decision=Decision(is_allowed=True, arguments=PRODUCT),
        session_key=session_of(user),
        is_always=True,
    )


def test_always_in_this_chat_allows_the_tool_s_other_calls_too(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    mode(alice, "always")
    fake_upstream.call(("calculator", PRODUCT), ("calculator", '{"expression": "1"}'))
    fake_upstream.say("Done.")
    message = resting(ask(alice))
    allow_always(alice, message)
    assert gone_on(message).status == "completed"
    message.refresh_from_db()
    assert results(message) == {"call_1": ("done", "42"), "call_2": ("done", "1")}
    conversation = message.conversation
    conversation.refresh_from_db()
    assert conversation.tool_modes == {"calculator": "once"}
    alice.refresh_from_db()
    assert alice.tool_modes == {"calculator": "always"}
    fake_upstream.call(("calculator", PRODUCT))
    fake_upstream.say("Still 42.")
    again = ask(alice, "Again", conversation=conversation)
    assert gone_on(again.answer).status == "completed"
    fake_upstream.call(("calculator", PRODUCT))
    resting(ask(alice, "Elsewhere"))


def test_where_the_team_holds_always_a_decision_is_for_one_call(
    alice: User, fake_upstream: FakeUpstream, signed_in: SignIn
) -> None:
    TeamSettings.objects.create(tool_modes={"calculator": "always"})
    fake_upstream.call(("calculator", PRODUCT), ("calculator", '{"expression": "1"}'))
    fake_upstream.say("Done.")
    message = resting(ask(alice))
    url = reverse("conversation", args=[message.conversation_id])
    assert "Always in this chat" not in signed_in(alice).get(url).content.decode()
    allow_always(alice, message)
    states = ToolApproval.objects.order_by("call_id").values_list("state", flat=True)
    assert list(states) == ["allowed", "waiting"]
    message.conversation.refresh_from_db()
    assert message.conversation.tool_modes == {}


FIELDS = {"call": "call_1", "decision": "allow", "fields": "1"}


@pytest.mark.parametrize(
    ("typed", "run"),
    [
        # Unchanged arguments stay as the model wrote them.
        ("6 *\r\n7", '{"expression":  "6 *\\n7"}'),
        ("1 + 1", '{"expression": "1 + 1"}'),
    ],
)
def test_arguments_in_fields_are_put_together(
    alice: User, fake_upstream: FakeUpstream, signed_in: SignIn, typed: str, run: str
) -> None:
    mode(alice, "always")
    fake_upstream.call(("calculator", '{"expression":  "6 *\\n7"}'))
    message = resting(ask(alice))
    fields = FIELDS | {"argument-expression": typed}
    assert signed_in(alice).post(url_of(message), fields).status_code == 302
    gone_on(message)
    assert ToolApproval.objects.get().arguments == run


def test_fields_that_do_not_fit_are_refused(
    alice: User, fake_upstream: FakeUpstream, signed_in: SignIn
) -> None:
    mode(alice, "always")
    fake_upstream.call(("calculator", PRODUCT))
    message = resting(ask(alice))
    refused = signed_in(alice).post(url_of(message), FIELDS, headers={"accept": "application/json"})
    assert refused.status_code == 422
    assert "can’t take these arguments" in refused.json()["error"]["message"]
    assert ToolApproval.objects.get().state == "waiting"


def test_a_question_says_what_will_happen(
    alice: User, fake_upstream: FakeUpstream, signed_in: SignIn
) -> None:
    HttpTool.objects.create(
        name="post",
        description="Posts",
        method="POST",
        url_template="https://api.example.org/v1/{channel}/messages",
        schema=json.dumps(
            {
                "type": "object",
                "properties": {"channel": {"type": "string"}, "tags": {"type": "array"}},
                "required": ["channel"],
            }
        ),
    )
    fake_upstream.call(
        ("post", '{"channel": "double 12", "tags": ["a"]}'),
        ("read_web_page", '{"url": "https://lanting.example/notices?day=1"}'),
    )
    message = resting(ask(alice))
    html = signed_in(alice).get(reverse("conversation", args=[message.conversation_id]))
    page = html.content.decode()
    assert '<span class="verb">POST</span>' in page
    assert "to <b>api.example.org</b>" in page
    assert "<code>/v1/double%2012/messages</code>" in page
    assert 'data-ask="POST to api.example.org"' in page
    # An array has no field of its own, so that these arguments are one text.
    assert page.count('name="arguments"') == 1
    assert "from <b>lanting.example</b>" in page
    assert "<code>/notices?day=1</code>" in page
    assert page.count('aria-current="true"') == 1
    assert "Denied automatically tomorrow at" in page

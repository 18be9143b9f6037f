"""The loop of a run over several requests: its limit of time, its counts, and what it shows."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from conversations.models import Generation, Message, UsageRecord, User, WireRecord
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import PRODUCT, ask, decide_call, ended, gone_on, resting

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")


def test_each_request_has_its_own_figures_and_the_run_their_sum(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.call(("calculator", PRODUCT))
    fake_upstream.call(("current_time", "{}"))
    fake_upstream.say("Done.")
    generation = ended(ask(alice).generation)
    rows = UsageRecord.objects.order_by("id")
    assert [row.purpose for row in rows] == ["tool_round", "tool_round", "chat"]
    assert generation.total_tokens == sum(row.total_tokens for row in rows)
    made = [row.created for row in rows]
    assert made == sorted(set(made))
    assert WireRecord.objects.filter(generation=generation).count() == 3


def test_the_limit_of_time_is_one_for_all_requests(
    alice: User, fake_upstream: FakeUpstream, settings: Settings
) -> None:
    settings.UPSTREAM_RUN_TIMEOUT = 3
    fake_upstream.call(("calculator", PRODUCT))
    gate = fake_upstream.hold("Too slow")
    generation = ended(ask(alice).generation)
    gate.release()
    assert (generation.status, generation.error_kind) == ("failed", "timed_out")
    assert Message.objects.get(pk=generation.message_id).text == "Too slow"


def test_the_parameters_of_the_record_are_those_that_were_sent(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    generation = ended(ask(alice).generation)
    stored = Generation.objects.get(pk=generation.pk).parameters
    assert stored == {"tools": {"source": "conversation", "value": True}}
    assert "tools" in fake_upstream.bodies[0]


def test_after_an_approval_the_request_has_all_results(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    alice.tool_modes = {"calculator": "always"}
    alice.save()
    fake_upstream.call(("calculator", PRODUCT), ("current_time", "{}"))
    fake_upstream.call(("current_time", "{}"))
    fake_upstream.say("42.")
    message = resting(ask(alice))
    decide_call(alice, message)
    last = gone_on(message)
    assert last.status == "completed"
    roles = [turn["role"] for turn in fake_upstream.bodies[-1]["messages"]]
    assert roles == ["user", "assistant", "tool", "tool", "assistant", "tool"]
    assert UsageRecord.objects.filter(generation=last).count() == 2
    message.refresh_from_db()
    assert message.parts[-1] == {"type": "text", "text": "42."}

"""The plan of a run: built from rows, and a failure that the run can record."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from conversations.generation import run_plan
from conversations.generation.run_plan import RunPlan
from conversations.models import Connection, Generation, LanguageModel, User
from conversations.upstream.answer.parts import ToolCallPart, ToolResultPart, to_json
from conversations.upstream.errors import UpstreamError
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import ended, send
from tests.generation.rows import leased_run

OTHER_KEY = "6cKb1tN1pmD6ZxYwIbyJx2V3rGSkXwdkWvcTzYuWf1E="


@pytest.fixture
def run(alice: User, upstream_connection: Connection) -> Generation:
    return leased_run(alice, connection=upstream_connection)


def failure(run: Generation) -> tuple[str, str]:
    found = run_plan.prepare(run)
    assert isinstance(found, UpstreamError)
    return found.kind.value, found.reason


def test_a_plan_is_values_for_the_first_request(
    run: Generation, fake_upstream: FakeUpstream
) -> None:
    run.message.conversation.tools = False
    plan = run_plan.prepare(run)
    assert isinstance(plan, RunPlan)
    assert plan.endpoint.url.startswith(fake_upstream.url)
    assert plan.request.model == "gpt-5.4"
    assert plan.question == "Question 0"
    assert (plan.tools, plan.held, plan.decisions) == ({}, frozenset(), {})


def test_a_connection_that_is_gone_is_a_failure_of_the_run(run: Generation) -> None:
    run.connection = None
    assert failure(run) == ("unreachable", "no_connection")


def test_a_key_that_cannot_be_decrypted_is_a_failure_of_the_run(
    run: Generation, settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [OTHER_KEY]
    run.refresh_from_db()
    assert failure(run) == ("key_refused", "undecryptable")


def test_tools_are_in_a_plan_where_they_are_on(run: Generation) -> None:
    conversation = run.message.conversation
    conversation.owner.tool_modes = {"calculator": "always"}
    plan = run_plan.build(run)
    assert plan.held == {"calculator", "search_conversations", "read_web_page", "make_image"}
    assert plan.image_model is not None
    assert list(plan.tools)[-1] == "make_image"
    LanguageModel.objects.filter(capability=LanguageModel.Capability.IMAGE).delete()
    without = run_plan.build(run)
    assert (without.image_model, "make_image" in without.tools) == (None, False)


def test_a_plan_that_is_loaded_has_the_parts_that_are_newer(run: Generation) -> None:
    parts = to_json([ToolCallPart("1", "f", "{}"), ToolResultPart("1", "42")])
    plan = run_plan.load(run.pk, parts)
    assert plan.request.messages[-1]["content"] == "42"
    assert run_plan.load(run.pk).request == run_plan.build(run).request


@pytest.mark.usefixtures("running_engine")
def test_a_run_whose_key_is_lost_begins_and_ends_as_failed(
    alice: User, upstream_connection: Connection, fake_upstream: FakeUpstream, settings: Settings
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [OTHER_KEY]
    generation = ended(send(alice).generation)
    assert (generation.status, generation.error_kind) == ("failed", "key_refused")
    assert generation.started_at
    assert not fake_upstream.requests

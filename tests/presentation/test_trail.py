"""The heading of a trail at each stage of an answer."""

from __future__ import annotations

import pytest
from django.utils import translation

from conversations.models import ToolApproval
from conversations.presentation.tool_steps import Step, steps_of
from conversations.presentation.trail import Trail
from conversations.upstream.answer.parts import ResultState, ToolCallPart, ToolResultPart

STATES: dict[str, ResultState] = {"done": "done", "failed": "failed", "denied": "denied"}


def steps(*states: str, is_active: bool = False) -> list[Step]:
    parts: list[ToolCallPart | ToolResultPart] = []
    approvals = {}
    for number, state in enumerate(states):
        parts.append(ToolCallPart(str(number), "calculator", "{}"))
        if state in STATES:
            parts.append(ToolResultPart(str(number), "42", STATES[state]))
        elif state in {"waiting", "allowed", "decided-no"}:
            stored = {"decided-no": "denied"}.get(state, state)
            approvals[str(number)] = ToolApproval(call_id=str(number), state=stored)
    return steps_of(parts, is_active=is_active, approvals=approvals, is_held=bool(approvals))


@pytest.mark.parametrize(
    ("trail", "title", "is_open"),
    [
        (Trail(is_active=True, is_thinking=True, thought=6.2), "Thinking, 6 s", False),
        (Trail(steps("running", is_active=True), is_active=True), "Using 1 tool", True),
        (Trail(steps("done", "running", is_active=True), is_active=True), "Using 2 tools", True),
        (Trail(steps("done", is_active=True), is_active=True), "Used 1 tool", True),
        (
            Trail(steps("done", is_active=True), "Hm", 2.0, is_active=True, is_writing=True),
            "Thought for 2 s, used 1 tool",
            False,
        ),
        (Trail(steps("waiting")), "Waiting for you: 1 tool", True),
        (
            Trail(steps("done", "waiting", "waiting")),
            "Waiting for you: 2 of 3 tools",
            True,
        ),
        (Trail(steps("allowed", "waiting")), "Waiting for you: 1 of 2 tools", True),
        (Trail(reasoning="Hm", thought=6.4), "Thought for 6 s", False),
        (Trail(reasoning="Hm", thought=0.2), "Thought for 1 s", False),
        (Trail(reasoning="Hm"), "Thought before replying", False),
        (
            Trail(steps("done", "done"), "Hm", thought=6.0),
            "Thought for 6 s, used 2 tools",
            False,
        ),
        (Trail(steps("done", "denied")), "Used 1 of 2 tools", True),
        (Trail(steps("denied")), "You denied Calculator", True),
        (Trail(steps("failed", "failed")), "No tool ran", True),
    ],
)
def test_the_heading_is_true(trail: Trail, title: str, *, is_open: bool) -> None:
    assert (trail.title.replace("{n}", "?"), trail.is_open) == (title, is_open)


def test_a_decided_call_waits_for_the_others() -> None:
    states = [step.state for step in steps("allowed", "decided-no", "waiting")]
    assert states == ["allowed", "denied", "waiting"]
    assert steps("allowed", "waiting")[0].title == "Allowed Calculator"


def test_the_heading_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert Trail(steps("done", "waiting")).title == "等你确认：2 个工具中的 1 个"
        assert Trail(steps("done"), "嗯", thought=6.0).title == "思考了 6 秒，使用了 1 个工具"


def test_the_seconds_of_the_runs_stand_beside_tools_only() -> None:
    assert Trail(steps("done"), seconds=13.46).total == "13.5 s"
    assert Trail(reasoning="Hm", seconds=13.46).total == ""

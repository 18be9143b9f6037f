"""View model of the tool calls in an answer, for templates/conversations/_step.html and exports."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from conversations.models import ToolApproval
from conversations.presentation.tool_names import DOING, LABELS
from conversations.upstream.answer.parts import Part, ToolCallPart, ToolResultPart

State = Literal["running", "waiting", "allowed", "done", "failed", "denied", "unfinished"]
# Characters of the arguments on one line, and of a result on a page.
LINE = 120
LONGEST = 20_000
NO_APPROVALS: Mapping[str, ToolApproval] = MappingProxyType({})


@dataclass(frozen=True)
class Step:
    """One tool call with its result, cut after ``longest`` characters (None: not at all).

    ``approval``: the question that was asked about it. ``is_held``: the answer waits for the user.
    """

    call: ToolCallPart
    result: ToolResultPart | None
    is_active: bool
    approval: ToolApproval | None = None
    longest: int | None = LONGEST
    is_held: bool = False

    @property
    def id(self) -> str:
        """The call's id, unique within its answer."""
        return self.call.id

    @property
    def label(self) -> str:
        """The tool's label; the name that the model made up where there is no such tool."""
        return str(LABELS.get(self.call.name, self.call.name)) or _("a tool without a name")

    @property
    def state(self) -> State:
        """The state of the call; one that was stopped has no result.

        A decided call of an answer that waits for other decisions runs with the others.
        """
        if self.result is not None:
            return self.result.state
        decided = self.approval.state if self.approval is not None else None
        if self.is_held:
            if decided == ToolApproval.State.DENIED:
                return "denied"
            return "waiting" if decided == ToolApproval.State.WAITING else "allowed"
        return "running" if self.is_active else "unfinished"

    @property
    def title(self) -> str:
        """A few words about the state."""
        if self.call.name in DOING and self.state in {"running", "done"}:
            doing, done = DOING[self.call.name]
            return str(doing if self.state == "running" else done)
        titles = {
            "running": _("Running %(tool)s"),
            "waiting": _("Allow “%(tool)s”?"),
            "allowed": _("Allowed %(tool)s"),
            "done": _("Ran %(tool)s"),
            "failed": _("Couldn’t run %(tool)s"),
            "denied": _("You denied %(tool)s"),
            "unfinished": _("Stopped before %(tool)s ended"),
        }
        return titles[self.state] % {"tool": self.label}

    @property
    def icon(self) -> str:
        """The name of its icon; a running call has a spinner instead."""
        icons = {"running": "", "done": "check-circle", "waiting": "hand", "allowed": "check"}
        return icons.get(self.state, "x-circle")

    @property
    def argument(self) -> str:
        """The arguments on one line."""
        value = _read(self.call.arguments)
        if isinstance(value, dict):
            text = ", ".join(str(each) for each in value.values())
        else:
            text = self.call.arguments
        line = " ".join(text[: 4 * LINE].split())
        return line if len(line) <= LINE else f"{line[: LINE - 1]}…"

    @property
    def arguments(self) -> str:
        """All arguments, indented."""
        return _indented(self.call.arguments, self.longest)

    @property
    def content(self) -> str:
        """The result, indented where it is JSON."""
        return _indented(self.result.content, self.longest) if self.result else ""

    @property
    def is_cut(self) -> bool:
        """Whether only the beginning of the result is shown."""
        return self.result is not None and _is_over(self.result.content, self.longest)

    @property
    def seconds(self) -> str:
        """The duration of the call, "" where it is too short to matter."""
        if self.result is None or self.result.seconds < 0.05:
            return ""
        return _("%(n)s s") % {"n": number_format(round(self.result.seconds, 1))}


def steps_of(
    parts: Iterable[Part],
    *,
    is_active: bool = False,
    approvals: Mapping[str, ToolApproval] = NO_APPROVALS,
    is_held: bool = False,
    longest: int | None = LONGEST,
) -> list[Step]:
    """Return the calls in their order, each with its result or the question about it."""
    parts = list(parts)
    results = {part.call_id: part for part in parts if isinstance(part, ToolResultPart)}
    calls = [part for part in parts if isinstance(part, ToolCallPart)]
    return [
        Step(
            call, results.get(call.id), is_active, approvals.get(call.id), longest, is_held=is_held
        )
        for call in calls
    ]


def _read(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _is_over(text: str, longest: int | None) -> bool:
    return longest is not None and len(text) > longest


def _indented(text: str, longest: int | None) -> str:
    """Return JSON indented, any other text as it is."""
    if _is_over(text, longest):
        return text[:longest]
    value = _read(text)
    if not isinstance(value, dict | list):
        return text
    return json.dumps(value, ensure_ascii=False, indent=2)

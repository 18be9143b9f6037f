"""The calls of tools in an answer, as lines of its ledger."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.models import ToolApproval
from conversations.presentation.tool_names import LABELS
from conversations.upstream.answer.parts import Part, ToolCallPart, ToolResultPart

State = Literal["running", "waiting", "done", "failed", "denied", "unfinished"]
# What is shown of an argument on one line, and what a page shows of a result in all.
LINE = 120
LONGEST = 20_000
NOBODY: Mapping[str, ToolApproval] = MappingProxyType({})


@dataclass(frozen=True)
class Step:
    """One call, as templates/conversations/_step.html reads it; ``longest``: None shows all."""

    call: ToolCallPart
    result: ToolResultPart | None
    is_active: bool
    approval: ToolApproval | None = None
    longest: int | None = LONGEST

    @property
    def id(self) -> str:
        """The call's id, the only one of its answer."""
        return self.call.id

    @property
    def label(self) -> str:
        """The tool in the reader's words; the name that the model made up where there is none."""
        return str(LABELS.get(self.call.name, self.call.name)) or _("a tool without a name")

    @property
    def state(self) -> State:
        """Where it stands; a call that was broken off stays without a result."""
        if self.result is not None:
            return self.result.state
        if self.approval is not None:
            return "waiting"
        return "running" if self.is_active else "unfinished"

    @property
    def title(self) -> str:
        """What happens or happened, in a few words."""
        said = {
            "running": _("Running %(tool)s"),
            "waiting": _("Waiting for your approval: %(tool)s"),
            "done": _("Ran %(tool)s"),
            "failed": _("Couldn’t run %(tool)s"),
            "denied": _("You denied %(tool)s"),
            "unfinished": _("%(tool)s was broken off"),
        }
        return said[self.state] % {"tool": self.label}

    @property
    def icon(self) -> str:
        """Its picture; what runs turns instead."""
        icons = {"running": "", "done": "check", "waiting": "stop"}
        return icons.get(self.state, "x")

    @property
    def argument(self) -> str:
        """The arguments on one line."""
        value = _read(self.call.arguments)
        if isinstance(value, dict):
            said = ", ".join(str(each) for each in value.values())
        else:
            said = self.call.arguments
        line = " ".join(said[: 4 * LINE].split())
        return line if len(line) <= LINE else f"{line[: LINE - 1]}…"

    @property
    def arguments(self) -> str:
        """All of them, spelled out."""
        return _spelled_out(self.call.arguments, self.longest)

    @property
    def content(self) -> str:
        """What it brought."""
        return _spelled_out(self.result.content, self.longest) if self.result else ""

    @property
    def is_cut(self) -> bool:
        """Whether the page shows only the beginning of what it brought."""
        return self.result is not None and _is_over(self.result.content, self.longest)

    @property
    def seconds(self) -> str:
        """How long it took."""
        if self.result is None or self.result.seconds < 0.05:
            return ""
        return _("%(n)s s") % {"n": number_format(round(self.result.seconds, 1))}


def steps_of(
    parts: Iterable[Part],
    *,
    is_active: bool = False,
    waiting: Mapping[str, ToolApproval] = NOBODY,
    longest: int | None = LONGEST,
) -> list[Step]:
    """The calls in their order, each with its result, or with the question that waits."""
    parts = list(parts)
    results = {part.call_id: part for part in parts if isinstance(part, ToolResultPart)}
    calls = [part for part in parts if isinstance(part, ToolCallPart)]
    return [
        Step(call, results.get(call.id), is_active, waiting.get(call.id), longest) for call in calls
    ]


def summary_of(steps: list[Step]) -> str:
    """All of them in a line."""
    return ngettext("Used %(count)s tool", "Used %(count)s tools", len(steps)) % {
        "count": len(steps)
    }


def _read(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _is_over(text: str, longest: int | None) -> bool:
    return longest is not None and len(text) > longest


def _spelled_out(text: str, longest: int | None) -> str:
    """JSON with its structure in lines; anything else as it is."""
    if _is_over(text, longest):
        return text[:longest]
    value = _read(text)
    if not isinstance(value, dict | list):
        return text
    return json.dumps(value, ensure_ascii=False, indent=2)

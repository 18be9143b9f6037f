"""The trail of an answer: its reasoning and its tool calls under one heading that is true now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conversations.presentation.tool_steps import State, Step

Stage = Literal["thinking", "using", "between", "waiting", "rest"]


@dataclass(frozen=True)
class Trail:
    """The view model of templates/conversations/_steps.html.

    ``thought``: seconds of reasoning so far, 0 if unknown. ``seconds``: of the runs, None if they
    are not told. ``is_thinking``, ``is_writing``: what the model does at this moment.
    """

    steps: Sequence[Step] = ()
    reasoning: str = ""
    thought: float = 0.0
    seconds: float | None = None
    is_active: bool = False
    is_thinking: bool = False
    is_writing: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.steps and not self.reasoning

    @property
    def stage(self) -> Stage:
        """The present stage; "between" is the wait for the next word after calls have ended."""
        if self._count("waiting"):
            return "waiting"
        if not self.is_active or self.is_writing:
            return "rest"
        if self._count("running"):
            return "using"
        return "between" if self.steps and not self.is_thinking else "thinking"

    @property
    def is_busy(self) -> bool:
        return self.stage in {"thinking", "using", "between"}

    @property
    def is_open(self) -> bool:
        """Whether it is unfolded: while calls run or wait, or if one did not succeed."""
        if self.stage in {"using", "between", "waiting"}:
            return bool(self.steps)
        return bool(self._count("failed", "denied"))

    @property
    def icon(self) -> str:
        """The icon of its heading while nothing is under way."""
        if self.stage == "waiting":
            return "hand"
        if not self.is_active and self._count("failed", "denied"):
            return "x-circle"
        return "thought" if self.reasoning else "tool"

    @property
    def title(self) -> str:
        """The heading."""
        if self.stage == "thinking":
            return self.thinking_title.replace("{n}", _number(self.thought))
        if self.stage == "using":
            return ngettext("Using %(n)s tool", "Using %(n)s tools", len(self.steps)) % {
                "n": len(self.steps)
            }
        if self.stage == "waiting":
            return ngettext(
                "Waiting for you: %(n)s tool", "Waiting for you: %(n)s of %(m)s tools", self._all
            ) % {"n": self._count("waiting"), "m": self._all}
        return self.rest_title.replace("{n}", _number(self.thought))

    @property
    def thinking_title(self) -> str:
        """The heading while the model thinks, with a place for the seconds."""
        return _("Thinking, {n} s")

    @property
    def rest_title(self) -> str:
        """The heading once the first word has come, with a place for the seconds of reasoning."""
        has_thought = self.reasoning or self.is_thinking or not self.steps
        return self.thought_title if has_thought else self._used_alone

    @property
    def thought_title(self) -> str:
        """The heading of a trail with reasoning, with a place for the seconds."""
        if not self.steps:
            return self._thought
        return _("%(thought)s, %(used)s") % {"thought": self._thought, "used": self._used}

    @property
    def total(self) -> str:
        """The seconds of all runs, where there are calls; "" while they go on."""
        if not self.steps or self.seconds is None:
            return ""
        return _("%(n)s s") % {"n": number_format(round(self.seconds, 1), 1)}

    @property
    def _all(self) -> int:
        return len(self.steps)

    @property
    def _thought(self) -> str:
        is_timed = self.thought > 0 or self.is_active
        return _("Thought for {n} s") if is_timed else _("Thought before replying")

    @property
    def _used(self) -> str:
        done = self._count("done")
        values = {"n": done, "m": self._all}
        if done == self._all:
            return ngettext("used %(n)s tool", "used %(n)s tools", done) % values
        return _("used %(n)s of %(m)s tools") % values if done else _("no tool ran")

    @property
    def _used_alone(self) -> str:
        done = self._count("done")
        values = {"n": done, "m": self._all}
        if done == self._all:
            return ngettext("Used %(n)s tool", "Used %(n)s tools", done) % values
        if not done and self._all == 1:
            return self.steps[0].title
        return _("Used %(n)s of %(m)s tools") % values if done else _("No tool ran")

    def _count(self, *states: State) -> int:
        return sum(step.state in states for step in self.steps)


def _number(seconds: float) -> str:
    return str(number_format(max(round(seconds), 1)))

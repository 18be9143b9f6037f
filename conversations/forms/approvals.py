"""Approval of a tool call, and the choice of which tools need it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from conversations.forms.argument_sentences import argument_sentences
from conversations.forms.tool_arguments import QuestionForm
from conversations.generation.images import make_image
from conversations.generation.records.approvals import Decision
from conversations.generation.tool_calls import toolbox
from conversations.models import HttpTool, Message, ToolApproval, ToolMode
from conversations.presentation.tool_names import LABELS
from conversations.queries.parameters import team_settings
from conversations.queries.tool_modes import usual_of
from conversations.tools import running
from conversations.tools.base import Tool
from conversations.tools.checking import problems_of
from conversations.upstream.answer.tool_calls import read_arguments

PREFIX = "mode_"
# Its presence says that the arguments are in fields of their own.
FIELDS = "fields"
STRICTER = (ToolMode.ONCE, ToolMode.ALWAYS, ToolMode.OFF)


class ApprovalForm(forms.Form):
    """The decision about a tool call: denied, or allowed with arguments that may be edited."""

    decision = forms.ChoiceField(choices=[(each, each) for each in ("allow", "deny", "always")])
    arguments = forms.CharField(required=False, strip=False)

    def __init__(self, data: Any, *, message: Message, approval: ToolApproval) -> None:
        super().__init__(data)
        self.message, self.approval = message, approval

    def clean(self) -> dict[str, Any]:
        """Check that the arguments of an allowed call fit the tool's schema."""
        cleaned = super().clean() or self.cleaned_data
        if self.is_allowed and (reason := self._refusal()):
            sentence = gettext("The tool can’t take these arguments: %(reason)s")
            raise ValidationError(sentence % {"reason": reason})
        return cleaned

    def decision_made(self) -> Decision:
        """Return the decision. Only after ``is_valid``."""
        given = self.cleaned_data["arguments"] if self.is_allowed else ""
        return Decision(self.is_allowed, given or self.approval.arguments)

    @property
    def is_allowed(self) -> bool:
        return self.cleaned_data.get("decision") in {"allow", "always"}

    @property
    def is_always(self) -> bool:
        """Whether the tool need not ask again in this conversation."""
        return self.cleaned_data.get("decision") == "always"

    def _refusal(self) -> str:
        tools = toolbox.tools_for(
            self.message.conversation, [make_image.outline()], team=team_settings()
        )
        tool = tools.get(self.approval.tool)
        if tool and FIELDS in self.data and (reason := self._take_fields(tool)):
            return reason
        raw = self.cleaned_data.get("arguments") or self.approval.arguments
        arguments = read_arguments(raw)
        if arguments is None:
            return gettext("They aren’t a JSON object.")
        if tool and (problems := problems_of(arguments, tool.parameters)):
            return argument_sentences(problems)
        refusal = running.refuse(tools, self.approval.tool, raw, arguments)
        return refusal.content.removeprefix("Error: ") if refusal else ""

    def _take_fields(self, tool: Tool) -> str:
        """Put the arguments of the fields together; return why they cannot be, or "".

        Arguments that nobody has changed stay exactly as the model wrote them.
        """
        given = read_arguments(self.approval.arguments) or {}
        form = QuestionForm(self.data, parameters=tool.parameters, given=given)
        if not form.is_valid():
            error = next(iter(form.errors.as_data().values()))[0]
            return (error.params or {}).get("reason") or error.messages[0]
        if form.cleaned_data != given:
            self.cleaned_data["arguments"] = json.dumps(form.cleaned_data, ensure_ascii=False)
        return ""


class ModeField(forms.ChoiceField):
    """The mode of a tool; ``usual`` is in force where none is stored."""

    def __init__(
        self, usual: ToolMode, mode: str, label: str, choices: Iterable[tuple[str, Any]]
    ) -> None:
        super().__init__(
            label=label, required=False, choices=list(choices), initial=mode or usual.value
        )
        self.usual = usual


def add_modes(
    form: forms.Form, modes: Mapping[str, str], tools: Iterable[HttpTool], *, is_team: bool = False
) -> None:
    """Add a field for each tool that says whether its calls need approval.

    A tool that users made has a mode of its own; the field can only be stricter. The team's modes
    are the least strict ones, so that a team that sets none leaves the choice to each user.
    """
    for name, label in LABELS.items():
        usual = ToolMode.RUN if is_team else usual_of(name)
        form.fields[PREFIX + name] = ModeField(
            usual, modes.get(name, ""), str(label), ToolMode.choices
        )
    for row in tools:
        if row.name not in LABELS:
            own = gettext("Tool’s own setting: %(mode)s") % {"mode": row.own_mode.label}
            stricter = [(mode.value, mode.label) for mode in STRICTER]
            choices = [(ToolMode.RUN.value, own), *stricter]
            form.fields[PREFIX + row.name] = ModeField(
                ToolMode.RUN, modes.get(row.name, ""), row.name, choices
            )


def modes_in(form: forms.Form, cleaned: dict[str, Any]) -> dict[str, str]:
    """Remove the modes from a form's cleaned data and return those that are not the default."""
    fields = {name: field for name, field in form.fields.items() if isinstance(field, ModeField)}
    found = {name: (cleaned.pop(name, ""), field.usual) for name, field in fields.items()}
    return {
        name.removeprefix(PREFIX): mode
        for name, (mode, usual) in found.items()
        if mode not in {"", usual.value}
    }

"""Approval of a tool call, and the choice of which tools need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from conversations.forms.argument_sentences import argument_sentences
from conversations.generation.images import make_image
from conversations.generation.records.approvals import Decision
from conversations.generation.tool_calls import toolbox
from conversations.models import HttpTool, Message, ToolApproval, ToolMode
from conversations.presentation.tool_names import LABELS
from conversations.queries.parameters import team_settings
from conversations.tools import running
from conversations.tools.checking import problems_of
from conversations.upstream.answer.tool_calls import read_arguments

PREFIX = "mode_"
STRICTER = (ToolMode.ONCE, ToolMode.ALWAYS, ToolMode.OFF)


class ApprovalForm(forms.Form):
    """The decision about a tool call: denied, or allowed with arguments that may be edited."""

    decision = forms.ChoiceField(choices=[("allow", "allow"), ("deny", "deny")])
    arguments = forms.CharField(required=False, strip=False)

    def __init__(self, data: Any, *, message: Message, approval: ToolApproval) -> None:
        super().__init__(data)
        self.message, self.approval = message, approval

    def clean(self) -> dict[str, Any]:
        """Check that the arguments of an allowed call fit the tool's schema."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "allow" and (reason := self._refusal()):
            sentence = gettext("These arguments do not fit the tool: %(reason)s")
            raise ValidationError(sentence % {"reason": reason})
        return cleaned

    def decision_made(self) -> Decision:
        """Return the decision. Only after ``is_valid``."""
        is_allowed = self.cleaned_data["decision"] == "allow"
        given = self.cleaned_data["arguments"] if is_allowed else ""
        return Decision(is_allowed, given or self.approval.arguments)

    def _refusal(self) -> str:
        raw = self.cleaned_data.get("arguments") or self.approval.arguments
        tools = toolbox.tools_for(
            self.message.conversation, [make_image.outline()], team=team_settings()
        )
        arguments, tool = read_arguments(raw), tools.get(self.approval.tool)
        if arguments is None:
            return gettext("They are not a JSON object.")
        if tool and (problems := problems_of(arguments, tool.parameters)):
            return argument_sentences(problems)
        refusal = running.refuse(tools, self.approval.tool, raw, arguments)
        return refusal.content.removeprefix("Error: ") if refusal else ""


def add_modes(form: forms.Form, modes: Mapping[str, str], tools: Iterable[HttpTool]) -> None:
    """Add a field for each tool that says whether its calls need approval.

    A tool that users made has a mode of its own; the field can only be stricter.
    """
    for name, label in LABELS.items():
        _add_mode(form, name, str(label), ToolMode.choices, modes)
    for row in tools:
        if row.name not in LABELS:
            own = gettext("As the tool says: %(mode)s") % {"mode": row.own_mode.label}
            stricter = [(mode.value, mode.label) for mode in STRICTER]
            _add_mode(form, row.name, row.name, [(ToolMode.RUN.value, own), *stricter], modes)


def modes_in(form: forms.Form, cleaned: dict[str, Any]) -> dict[str, str]:
    """Remove the modes from a form's cleaned data and return those that are not the default."""
    names = [name.removeprefix(PREFIX) for name in form.fields if name.startswith(PREFIX)]
    found = {name: cleaned.pop(PREFIX + name, "") for name in names}
    return {name: mode for name, mode in found.items() if mode not in {"", ToolMode.RUN.value}}


def _add_mode(
    form: forms.Form,
    name: str,
    label: str,
    choices: Iterable[tuple[str, Any]],
    modes: Mapping[str, str],
) -> None:
    form.fields[PREFIX + name] = forms.ChoiceField(
        label=label,
        required=False,
        choices=list(choices),
        initial=modes.get(name, ToolMode.RUN.value),
    )

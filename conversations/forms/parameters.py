"""The documented parameters of a request, as fields; an empty one sets nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from conversations.forms.numbers import DecimalText, WholeText
from conversations.models import User
from conversations.presentation.tool_names import LABELS, choices
from conversations.queries.http_tools import usable_tools

STREAMING = [
    ("", _("Not set (as it is written)")),
    ("True", pgettext_lazy("how a reply arrives", "As it is written")),
    ("False", pgettext_lazy("how a reply arrives", "In one piece")),
]


TOOLS = [
    ("", _("Not set (on)")),
    ("True", pgettext_lazy("tools", "On")),
    ("False", pgettext_lazy("tools", "Off")),
]
NOT_SET_NUMBER = _("Not set (the API’s default: 1)")
ANY_TOOL = [
    ("", _("Not set (the model decides)")),
    ("auto", _("The model decides")),
    ("required", _("At least one tool")),
    ("none", _("No tool")),
]
TOOL_CHOICES = [*ANY_TOOL, *LABELS.items()]


class LongText(forms.CharField):
    """Long text with line feeds at its line ends, without characters that cannot be stored."""

    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        """Remove NUL, which PostgreSQL cannot store, and replace lone surrogates."""
        text = str(value or "").replace("\r\n", "\n").replace("\x00", "")
        return text.encode("utf-8", "replace").decode()

    def validate(self, value: str) -> None:
        """Limit the text to the size of a message."""
        super().validate(value)
        within_limit(value)


def within_limit(text: str) -> str:
    """Return the text. Raises ValidationError (too_long) if it is over MAX_MESSAGE_BYTES."""
    limit = settings.MAX_MESSAGE_BYTES
    if len(text.encode()) > limit:
        raise ValidationError(
            gettext("This is over the limit of %(limit)s. Shorten it or send it in parts.")
            % {"limit": filesizeformat(limit)},
            code="too_long",
        )
    return text


class ParameterForm(forms.Form):
    """The parameters of a request, within the ranges that the API documents."""

    system_prompt = LongText(
        label=_("System prompt"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 4, "placeholder": _("Not set")}),
    )
    temperature = DecimalText(
        label=_("Temperature"),
        required=False,
        min_value=0,
        max_value=2,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            _("Temperature is a number from 0 to 2, or empty."),
        ),
        placeholder=NOT_SET_NUMBER,
    )
    top_p = DecimalText(
        label=_("Top p"),
        required=False,
        min_value=0,
        max_value=1,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Top p is a number from 0 to 1, or empty.")
        ),
        placeholder=NOT_SET_NUMBER,
    )
    max_tokens = WholeText(
        label=_("Max tokens"),
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            _("Max tokens is a whole number from 1 to 2,000,000,000, or empty."),
        ),
        placeholder=_("Not set (the model decides)"),
    )
    stream = forms.TypedChoiceField(
        label=_("Replies arrive"),
        required=False,
        choices=STREAMING,
        coerce=lambda value: value == "True",
        empty_value=None,
        error_messages={"invalid_choice": _("Choose how replies arrive, or leave it unset.")},
    )

    tools = forms.TypedChoiceField(
        label=_("Tools"),
        required=False,
        choices=TOOLS,
        coerce=lambda value: value == "True",
        empty_value=None,
        error_messages={"invalid_choice": _("Turn tools on or off, or leave it unset.")},
    )
    tool_choice = forms.ChoiceField(
        label=_("Tool choice"),
        required=False,
        choices=TOOL_CHOICES,
        error_messages={"invalid_choice": _("Choose a tool choice, or leave it unset.")},
    )

    def offer_tools_of(self, user: User | None) -> None:
        """Offer the user's HTTP tools in ``tool_choice``; the team's alone if ``user`` is None.

        The choices are loaded lazily, when the field is rendered or names a tool.
        """
        field = self.fields["tool_choice"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 (declared so above)
        field.choices = lambda: [*ANY_TOOL, *choices(usable_tools(user))]

    def show_hints(self, hints: Mapping[str, str]) -> None:
        """Show inherited values in empty fields. ``hints``: by the name of the parameter."""
        for name, hint in hints.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                given: Any = field.choices
                field.choices = [("", hint), *list(given)[1:]]
            else:
                field.widget.attrs["placeholder"] = hint

    def clean_system_prompt(self) -> str:
        prompt: str = self.cleaned_data["system_prompt"]
        return prompt.strip()

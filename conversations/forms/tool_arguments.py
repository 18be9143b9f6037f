"""A form made from a tool's JSON Schema, for trying the tool."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conversations.forms.argument_sentences import argument_sentences
from conversations.forms.widgets import style
from conversations.tools.checking import problems_of

PREFIX = "argument"
# More arguments than these are shown as one text in JSON.
MAX_FIELDS = 8
_NOT_GIVEN = ("", _("Not given"))
_WHOLE_NUMBER = "integer"


class ArgumentsForm(forms.Form):
    """A field for each property; an empty one leaves its argument out."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, parameters: Mapping[str, Any]) -> None:
        super().__init__(data, prefix=PREFIX)
        self.parameters = parameters
        required = parameters.get("required", [])
        for name, schema in parameters.get("properties", {}).items():
            field = _field(schema if isinstance(schema, dict) else {})
            field.label = f"{name} *" if name in required else name
            self.fields[name] = field
        style(self)

    @classmethod
    def begun(cls, data: Mapping[str, Any], parameters: Mapping[str, Any]) -> ArgumentsForm:
        """Return an unbound form with the values typed so far, so that it shows no errors."""
        form = cls(parameters=parameters)
        for name, field in form.fields.items():
            field.initial = data.get(form.add_prefix(name), field.initial)
        return form

    def clean(self) -> dict[str, Any]:
        """Return the arguments that are given. Refuses those that do not fit the schema."""
        cleaned = super().clean() or self.cleaned_data
        arguments = {name: value for name, value in cleaned.items() if value is not None}
        if not self.errors and (problems := problems_of(arguments, self.parameters)):
            reason = argument_sentences(problems)
            sentence = gettext("The tool can’t take these arguments: %(reason)s")
            raise ValidationError(sentence, params={"reason": reason})
        return arguments


class QuestionForm(ArgumentsForm):
    """The arguments of a call that waits for approval, each in a field with its present value."""

    def __init__(
        self, data: Any = None, *, parameters: Mapping[str, Any], given: Mapping[str, Any]
    ) -> None:
        super().__init__(data, parameters=parameters)
        for name, field in self.fields.items():
            field.label = name
            if isinstance(field, _Choice | _Json):
                field.initial = _dumped(given[name]) if name in given else ""
            else:
                field.initial = given.get(name)
            if type(field) is _Optional:
                # Text may have lines, and grows with them.
                field.widget = forms.Textarea({"rows": 1, "class": "input", "dir": "auto"})

    @staticmethod
    def suits(parameters: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
        """Whether fields can show these arguments and give them back unchanged."""
        known = parameters.get("properties", {})
        is_flat = all(
            name in known and value not in ("", None) and not isinstance(value, dict | list)
            for name, value in given.items()
        )
        return bool(known) and len(known) <= MAX_FIELDS and is_flat

    def clean(self) -> dict[str, Any]:
        """Return the arguments. Browsers send line ends as CR LF, which no model has written."""
        unified = {
            name: value.replace("\r\n", "\n") if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
        }
        self.cleaned_data = unified
        return super().clean()


class _Optional(forms.CharField):
    """A text; None for an empty field."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, strip=False, empty_value=None, **options)


class _Json(_Optional):
    """A value of any type, written as JSON."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text is None or not text.strip():
            return None
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ValidationError(gettext("This isn’t valid JSON.")) from None


class _Choice(forms.TypedChoiceField):
    """One of the values that the schema lists, each encoded as JSON."""

    def __init__(self, values: list[Any], **options: Any) -> None:
        listed = [(_dumped(value), _spelled(value)) for value in values]
        super().__init__(
            required=False,
            choices=[_NOT_GIVEN, *listed],
            coerce=json.loads,
            empty_value=None,
            **options,
        )


def _field(schema: Mapping[str, Any]) -> forms.Field:
    kind = schema.get("type")
    options: dict[str, Any] = {"help_text": str(schema.get("description", ""))[:500]}
    usual = schema.get("default")
    if isinstance(listed := schema.get("enum"), list):
        return _Choice(listed, initial=_dumped(usual) if usual in listed else "", **options)
    if kind == "boolean":
        is_set = isinstance(usual, bool)
        return _Choice([True, False], initial=_dumped(usual) if is_set else "", **options)
    if kind in {"integer", "number"}:
        return _number(str(kind), usual if isinstance(usual, int | float) else None, options)
    if kind == "string":
        return _Optional(initial=usual if isinstance(usual, str) else None, **options)
    text = forms.Textarea({"rows": 2, "spellcheck": "false", "class": "input--mono"})
    return _Json(widget=text, initial=None if usual is None else _dumped(usual), **options)


def _number(kind: str, usual: float | None, options: dict[str, Any]) -> forms.Field:
    """Return a field without bounds: the check of the schema reports those."""
    if kind == _WHOLE_NUMBER:
        return forms.IntegerField(required=False, widget=_any_number(), initial=usual, **options)
    return _Json(widget=_any_number(), initial=usual, **options)


def _any_number() -> forms.NumberInput:
    """Without steps: what does not fit is told by the server, in the language of the page."""
    return forms.NumberInput({"step": "any"})


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else _dumped(value)

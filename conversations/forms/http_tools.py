"""The form of an HTTP tool, with a sentence for each kind of invalid input."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from conversations.actions.http_tools import ToolFields, is_elsewhere
from conversations.forms.argument_sentences import schema_sentence
from conversations.forms.parameters import LongText
from conversations.forms.presets import require_free
from conversations.forms.tool_arguments import ArgumentsForm
from conversations.forms.tool_headers import header_rows
from conversations.forms.widgets import style
from conversations.models import HttpTool, ToolMode, User
from conversations.presentation.tool_names import LABELS
from conversations.tools import url_template
from conversations.tools.schema_rules import SchemaProblem, read_schema
from conversations.tools.url_template import TemplateError

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
BEGINNING = """{
  "type": "object",
  "properties": {
    "city": {"type": "string", "description": "The name of a city"}
  },
  "required": ["city"]
}"""
ADDRESS_SENTENCES = {
    "bad_url": _("This isn’t an address. Start with https:// or http:// and a host."),
    "not_literal": _("Arguments can’t be in the scheme, host or port, only after them."),
    "fragment": _("Remove the # and everything after it."),
    "braces": _("Write an argument as {name}, and other braces as %7B and %7D."),
    "dots": _("The path can’t contain . or .."),
}


class HttpToolForm(forms.Form):
    """A new tool of ``owner`` (None: the team), or changes to ``row``."""

    name = forms.CharField(
        label=pgettext_lazy("of a tool", "Name"),
        max_length=64,
        help_text=_("The model’s name for it: letters, digits, _ and -."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    description = LongText(
        label=_("Description"),
        max_length=1024,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Tells the model what it does and when to call it."),
    )
    method = forms.ChoiceField(label=_("Method"), choices=HttpTool.Method.choices)
    url_template = forms.CharField(
        label=_("Address"),
        max_length=url_template.MAX_TEMPLATE,
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "Such as https://api.example.org/cities/{city}?units={units}. {name} is an "
            "argument. Put keys in a header, not here."
        ),
    )
    schema = LongText(
        label=_("JSON Schema"),
        strip=False,
        initial=BEGINNING,
        widget=forms.Textarea({"rows": 10, "spellcheck": "false"}),
    )
    mode = forms.ChoiceField(
        label=_("Before it runs"),
        required=False,
        choices=[
            ("", _("As usual: GET and HEAD run, everything else always asks")),
            *((mode.value, mode.label) for mode in ToolMode if mode != ToolMode.OFF),
        ],
    )
    is_enabled = forms.BooleanField(label=_("Offer it to models"), required=False, initial=True)

    def __init__(
        self, data: Any = None, *, row: HttpTool | None = None, owner: User | None
    ) -> None:
        names = [*self.base_fields]
        super().__init__(data, initial={name: getattr(row, name) for name in names} if row else {})
        self.row, self.owner = row, owner
        self.headers = header_rows(data, row)
        style(self)
        self.fields["schema"].widget.attrs["class"] = "input input--mono"

    def clean_name(self) -> str:
        """Check that the API takes the name, and that no other tool of the owner has it."""
        name: str = self.cleaned_data["name"]
        if not NAME.fullmatch(name):
            raise ValidationError(_("Use letters, digits, _ and - only."))
        if name.lower() in LABELS:
            raise ValidationError(_("A built-in tool has this name. Choose another one."))
        require_free(HttpTool, name, owner=self.owner, row=self.row)
        return name

    def clean_description(self) -> str:
        description: str = self.cleaned_data["description"]
        return description.strip()

    def clean_url_template(self) -> str:
        text: str = self.cleaned_data["url_template"]
        try:
            url_template.parse(text)
        except TemplateError as error:
            raise ValidationError(ADDRESS_SENTENCES[error.code], error.code) from None
        return text

    def clean_schema(self) -> str:
        text: str = self.cleaned_data["schema"]
        try:
            self.parameters = read_schema(text)
        except SchemaProblem as error:
            raise ValidationError(schema_sentence(error), error.code) from None
        return text

    def clean(self) -> dict[str, Any]:
        """Check the address against the schema; ask again for secrets if the server is another."""
        cleaned = super().clean() or self.cleaned_data
        if "url_template" in cleaned and "schema" in cleaned:
            template = url_template.parse(cleaned["url_template"])
            if self.row and is_elsewhere(self.row, cleaned["url_template"]):
                for form in self.headers.forms:
                    form.is_elsewhere = True
            # Last, because an error takes the address out of what was cleaned.
            if sentence := places_sentence(template, self.parameters):
                self.add_error("url_template", sentence)
        if not self.headers.is_valid():
            raise ValidationError(gettext("Check the headers below."))
        return cleaned

    def tool_fields(self) -> ToolFields:
        """Return the fields for actions/http_tools.py. Only after ``is_valid``."""
        return ToolFields(**self.cleaned_data, headers=tuple(self.headers.headers()))

    def arguments(self, data: Any = None) -> ArgumentsForm | None:
        """Return a form for the tool's arguments; None if the schema is invalid."""
        try:
            parameters = read_schema(self["schema"].value() or "")
        except SchemaProblem:
            return None
        return ArgumentsForm(data, parameters=parameters)


def checked_schema(data: Mapping[str, Any]) -> tuple[str, ArgumentsForm | None]:
    """Return what is wrong with a schema, and the form for its arguments if it is valid.

    ``data`` also has the address, which has to name the same arguments. Its own field reports an
    invalid address, not this.
    """
    try:
        parameters = read_schema(str(data.get("schema", "")))
    except SchemaProblem as problem:
        return schema_sentence(problem), None
    arguments = ArgumentsForm.begun(data, parameters)
    try:
        template = url_template.parse(str(data.get("url_template", "")).strip())
    except TemplateError:
        return "", arguments
    return places_sentence(template, parameters), arguments


def places_sentence(template: url_template.UrlTemplate, parameters: dict[str, Any]) -> str:
    """Return which argument of the address the schema lacks; "" if it lacks none."""
    known = parameters.get("properties", {})
    for name in sorted(template.names - set(known)):
        return gettext("{%(name)s} is in the address, but not among the parameters.") % {
            "name": name
        }
    for name in sorted(template.path_names - set(parameters.get("required", ()))):
        return gettext("{%(name)s} is part of the path: list it under “required”.") % {"name": name}
    return ""

"""The headers of an HTTP tool as rows of a form. The values of secrets are never shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from conversations.forms.widgets import style
from conversations.models import HttpTool
from conversations.models.http_tools import Header
from conversations.tools.header_rules import MAX_HEADERS, problem_of
from conversations.tools.hiding import MASK

PREFIX = "header"
BLANK = 2
SENTENCES = {
    "name": _("This can’t name a header."),
    "ours": _("The connection sets this header itself."),
    "value": _("Use one line of ASCII letters, digits and symbols."),
    "too_long": _("This value is too long. The limit is 8 KB."),
}
_ELSEWHERE = _("The address points to a different server. Enter its value.")


class HeaderForm(forms.Form):
    """One header. ``stored``: the visible ends of stored secrets by the names of headers."""

    name = forms.CharField(
        label=pgettext_lazy("of a header", "Name"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    value = forms.CharField(
        label=_("Value"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    is_secret = forms.BooleanField(label=_("Secret"), required=False, initial=True)

    def __init__(self, *args: Any, stored: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored, self.is_elsewhere = stored, False
        style(self)
        name = self["name"].value() or ""
        if self["is_secret"].value():
            hint = stored.get(name.lower())
            if hint is not None:
                placeholder = gettext("Stored: %(secret)s") % {"secret": f"{MASK}{hint}"}
                self.fields["value"].widget.attrs["placeholder"] = placeholder
            # A typed secret is not rendered either, even if the form has an error.
            self.fields["value"].widget.format_value = lambda _value: ""

    def clean(self) -> dict[str, Any]:
        """Check that the header can be sent. A stored secret needs no value."""
        cleaned = super().clean() or self.cleaned_data
        name, value = cleaned.get("name", ""), cleaned.get("value", "")
        if not name and value:
            self.add_error("name", _("Give the header a name."))
        if name:
            is_stored = bool(cleaned.get("is_secret")) and name.lower() in self.stored
            is_kept = is_stored and not value and not self.is_elsewhere
            if code := problem_of(name, "x" if is_kept else value or "x"):
                self.add_error("name" if code in {"name", "ours"} else "value", SENTENCES[code])
            if not value and not is_kept:
                self.add_error("value", _ELSEWHERE if is_stored else _("Enter the value."))
        return cleaned


class _HeaderRows(forms.BaseFormSet):  # type: ignore[type-arg]  # generic in the stubs only
    """The rows; one without a name is ignored."""

    def clean(self) -> None:
        """Refuse two headers of one name."""
        names = [header.name.lower() for header in self.headers()]
        if len(names) != len(set(names)):
            raise ValidationError(gettext("Two headers have the same name."))

    def headers(self) -> Iterator[Header]:
        """Yield the headers that were entered."""
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            if data.get("name"):
                yield Header(data["name"], data.get("value", ""), bool(data.get("is_secret")))


HeaderRows = forms.formset_factory(
    HeaderForm, formset=_HeaderRows, extra=BLANK, max_num=MAX_HEADERS, validate_max=True
)


def header_rows(data: Any, row: HttpTool | None) -> _HeaderRows:
    """Return the rows of a tool's headers, and BLANK empty ones."""
    stored = row.headers if row else []
    initial = [
        {
            "name": header["name"],
            "value": "" if header["is_secret"] else header["shown"],
            "is_secret": header["is_secret"],
        }
        for header in stored
    ]
    hints = {header["name"].lower(): header["shown"] for header in stored if header["is_secret"]}
    rows = HeaderRows(data, initial=initial, prefix=PREFIX, form_kwargs={"stored": hints})
    return cast("_HeaderRows", rows)

"""The style of form controls."""

from __future__ import annotations

from django import forms

PLAIN = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput)


def style(form: forms.BaseForm) -> None:
    """Add the class of static/css/components/field.css to text fields and selects."""
    for field in form.fields.values():
        if not isinstance(field.widget, PLAIN):
            field.widget.attrs["class"] = "input"


def focus_first_error(form: forms.BaseForm) -> None:
    """Let the page open at the first field with an error, which may be far below its top."""
    for name in form.errors:
        if name in form.fields:
            form.fields[name].widget.attrs["autofocus"] = True
            return

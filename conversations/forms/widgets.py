"""The style of form controls."""

from __future__ import annotations

from django import forms

PLAIN = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput)


def style(form: forms.Form) -> None:
    """Add the class of static/css/components/field.css to text fields and selects."""
    for field in form.fields.values():
        if not isinstance(field.widget, PLAIN):
            field.widget.attrs["class"] = "input"

"""Number fields that take whatever is typed, so that the server can say what is wrong with it.

Not ``type=number``: browsers stop a form by the step of such a field even while it is hidden, say
so in their own language, and send nothing of a text that is no number.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms


class DecimalText(forms.FloatField):
    """A number, typed as text; a decimal comma is taken as well as a point."""

    def __init__(self, *, placeholder: Any, **options: Any) -> None:
        super().__init__(widget=_text("decimal", placeholder), **options)

    def to_python(self, value: Any) -> Any:
        """Return the number, or None for an empty field. Raises ValidationError."""
        return super().to_python(_plain(value).replace(",", "."))


class WholeText(forms.IntegerField):
    """A whole number, typed as text."""

    def __init__(self, *, placeholder: Any, **options: Any) -> None:
        super().__init__(widget=_text("numeric", placeholder), **options)

    def to_python(self, value: Any) -> int | None:
        """Return the number, or None for an empty field. Raises ValidationError."""
        return super().to_python(_plain(value))


def _text(inputmode: str, placeholder: Any) -> forms.TextInput:
    """The keyboard for numbers on a phone; other keyboards stay as they are."""
    return forms.TextInput(
        {"inputmode": inputmode, "autocomplete": "off", "placeholder": placeholder}
    )


def _plain(value: Any) -> str:
    """The text with full-width signs as ASCII ones, and without white space around it."""
    return unicodedata.normalize("NFKC", str(value or "")).strip()

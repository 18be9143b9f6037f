"""A price, as an administrator enters it."""

from __future__ import annotations

import datetime
from typing import Any

from babel.numbers import list_currencies
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.forms.widgets import style
from conversations.models import Price


def _rate(label: Any, **options: Any) -> forms.DecimalField:
    """A rate for a million tokens, as exact as the table keeps it."""
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_digits=14,
        decimal_places=6,
        widget=forms.NumberInput({"step": "any", "inputmode": "decimal"}),
        **options,
    )


class PriceForm(forms.Form):
    """What a million tokens of a model cost, and from when on."""

    input_rate = _rate(pgettext_lazy("the price of tokens", "Input"))
    cached_input_rate = _rate(
        pgettext_lazy("the price of tokens", "Cached input"),
        required=False,
        help_text=_("Empty: as other input."),
    )
    output_rate = _rate(pgettext_lazy("the price of tokens", "Output"))
    currency = forms.CharField(
        label=_("Currency"),
        max_length=3,
        help_text=_("Three letters, such as USD or CNY."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    effective_on = forms.DateField(
        label=pgettext_lazy("from when on a price holds", "From"),
        help_text=_("Calls that were made before keep the price they had."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None, *, latest: Price | None = None) -> None:
        today = timezone.localdate()
        currency = latest.currency if latest else ""
        super().__init__(data, initial={"currency": currency, "effective_on": today})
        self.fields["effective_on"].widget.attrs["min"] = today.isoformat()
        style(self)

    def clean_currency(self) -> str:
        """A code of ISO 4217, in any case."""
        code: str = self.cleaned_data["currency"].strip().upper()
        if code not in list_currencies():
            raise forms.ValidationError(_("There is no such currency. Enter a code such as USD."))
        return code

    def clean_effective_on(self) -> datetime.date:
        """Today or later: the past keeps what it cost."""
        day: datetime.date = self.cleaned_data["effective_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return day

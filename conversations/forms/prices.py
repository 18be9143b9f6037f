"""The form of a model's price."""

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
    """Return a field for the price of a million tokens, as exact as its column."""
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_digits=14,
        decimal_places=6,
        widget=forms.NumberInput({"step": "any", "inputmode": "decimal"}),
        **options,
    )


class PriceForm(forms.Form):
    """The prices of a million tokens, and the day from which they apply."""

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
        help_text=_("Earlier calls keep their price."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None, *, latest: Price | None = None) -> None:
        today = timezone.localdate()
        currency = latest.currency if latest else ""
        super().__init__(data, initial={"currency": currency, "effective_on": today})
        self.fields["effective_on"].widget.attrs["min"] = today.isoformat()
        style(self)

    def clean_currency(self) -> str:
        """Return the code of ISO 4217 in upper case."""
        code: str = self.cleaned_data["currency"].strip().upper()
        if code not in list_currencies():
            raise forms.ValidationError(_("This currency doesn’t exist. Enter a code such as USD."))
        return code

    def clean_effective_on(self) -> datetime.date:
        """Refuse days in the past, because the costs of past calls do not change."""
        day: datetime.date = self.cleaned_data["effective_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a later day."))
        return day

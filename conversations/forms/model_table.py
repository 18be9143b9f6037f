"""The table of models: its filters, what the bulk bar changes, and a price in place."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy

from conversations.forms.prices import PriceForm
from conversations.queries.model_table import FLAGS, Filters

# The columns that each change of the bulk bar sets.
CHANGES: dict[str, dict[str, bool | None]] = {
    "on": {"is_enabled": True},
    "off": {"is_enabled": False},
    "sees": {"sees_images": True},
    "blind": {"sees_images": False},
    "sight-unknown": {"sees_images": None},
    "tools": {"calls_tools": True},
    "no-tools": {"calls_tools": False},
    "tools-unknown": {"calls_tools": None},
}


def filters_of(data: Any) -> Filters:
    """Return the filters in the query of an address; unknown ones are ignored."""
    return Filters(
        text=data.get("q", "").strip()[:200],
        series=data.get("series", ""),
        flags=frozenset(flag for flag in FLAGS if data.get(flag)),
    )


class RatesForm(PriceForm):
    """The two rates and the currency; in force from now on."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data)
        # Other buttons of the same form are used while these fields are empty.
        self.use_required_attribute = False
        self.initial.update(initial or {})
        del self.fields["effective_on"], self.fields["cached_input_rate"]
        self.fields["input_rate"].label = pgettext_lazy("price", "In, a million tokens")
        self.fields["output_rate"].label = pgettext_lazy("price", "Out, a million tokens")
        for field in self.fields.values():
            field.help_text = ""
            field.required = True

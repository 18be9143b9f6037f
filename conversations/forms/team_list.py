"""The filters of Settings → People; their fields are the parameters of the page's URL."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.models import User
from conversations.queries.people import Sorting, State

LONGEST = 254
STATES = [
    ("", _("Any state")),
    (State.ACTIVE, pgettext_lazy("people", "Active")),
    (State.INVITED, _("No password yet")),
    (State.DISABLED, pgettext_lazy("people", "Disabled")),
]
SORTINGS = [
    ("", pgettext_lazy("sort by", "Name")),
    (Sorting.SEEN, _("Last seen")),
    (Sorting.ADDED, _("Newest first")),
]


class TeamListForm(forms.Form):
    """A GET form. Values that do not exist are ignored."""

    q = forms.CharField(required=False, max_length=LONGEST)
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("Any role")), *User.Role.choices]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    sort = forms.ChoiceField(label=_("Sort by"), required=False, choices=SORTINGS)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        for name in ("role", "state", "sort"):
            self.fields[name].widget.attrs["class"] = "input"

    @property
    def values(self) -> dict[str, str]:
        """The valid values by field; "" where nothing was chosen."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}

"""Settings → Profile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.actions.preferences import time_zones
from conversations.forms.widgets import style
from conversations.models import User


def _zones() -> list[tuple[str, Any]]:
    named = [(name, name.replace("_", " ")) for name in sorted(time_zones())]
    return [("", _("Not set (UTC)")), *named]


class ProfileForm(forms.Form):
    """The name, and the time zone for browsers without scripts, which do not report it."""

    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=_zones)

    def __init__(self, data: Any = None, *, user: User) -> None:
        names = ("name", "time_zone")
        super().__init__(data, initial={name: getattr(user, name) for name in names})
        style(self)

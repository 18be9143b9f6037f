"""The days whose usage is shown, and for administrators the user."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.forms.widgets import style
from conversations.models import User
from conversations.queries.usage import Scope

SPANS = (7, 30, 90)
USUAL = 30
# A chart of more days would be illegible.
LONGEST = 366


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class UsageForm(forms.Form):
    """A number of days up to today, or two dates."""

    since = _day(pgettext_lazy("the first of some days", "From"))
    until = _day(pgettext_lazy("the last of some days", "To"))
    person = forms.ModelChoiceField(
        User.objects.order_by("name", "id"),
        label=_("Person"),
        required=False,
        empty_label=_("Everybody"),
    )

    def __init__(self, data: QueryDict, *, user: User) -> None:
        self.span = _span(data)
        today = timezone.localdate()
        first = today - datetime.timedelta((self.span or USUAL) - 1)
        days = {"since": first.isoformat(), "until": today.isoformat()} if self.span else {}
        super().__init__({**data.dict(), **days})
        self.user = user
        if not user.is_administrator:
            del self.fields["person"]
        style(self)

    def clean(self) -> dict[str, Any]:
        """Fill in a missing date. Refuses an end before the beginning, and LONGEST days or more."""
        cleaned = super().clean() or self.cleaned_data
        until = cleaned.get("until") or timezone.localdate()
        since = cleaned.get("since") or until - datetime.timedelta(USUAL - 1)
        if since > until:
            self.add_error("until", _("The last day is before the first."))
        elif (until - since).days >= LONGEST:
            self.add_error("since", _("Choose at most a year."))
        return {**cleaned, "since": since, "until": until}

    @property
    def scope(self) -> Scope:
        """The days and user to show; the last USUAL days if the form is invalid."""
        chosen = self.cleaned_data if self.is_valid() else {}
        until = chosen.get("until") or timezone.localdate()
        since = chosen.get("since") or until - datetime.timedelta(USUAL - 1)
        person = chosen.get("person") if self.user.is_administrator else self.user
        return Scope(person, since, until, timezone.get_current_timezone())


def _span(data: QueryDict) -> int | None:
    """Return the number of days up to today; None if a date is given."""
    if data.get("since") or data.get("until"):
        return None
    asked = data.get("days", "")
    return int(asked) if asked in map(str, SPANS) else USUAL

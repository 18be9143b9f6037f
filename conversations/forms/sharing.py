"""Forms of share links: making one, opening one with its password, the team's policy."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.actions.sharing import Terms
from conversations.forms.widgets import style
from conversations.models import SharingPolicy

EXPIRIES = [
    ("", pgettext_lazy("of a link", "Never")),
    ("1", _("After a day")),
    ("7", _("After 7 days")),
    ("30", _("After 30 days")),
]


class ShareForm(forms.Form):
    """A new link. ``message`` is the last message that the user saw."""

    message = forms.UUIDField(widget=forms.HiddenInput)
    expiry = forms.ChoiceField(label=_("Stops working"), choices=EXPIRIES, required=False)
    password = forms.CharField(
        label=_("Password (optional)"),
        help_text=_("Send it separately from the link. It won’t be shown again."),
        required=False,
        min_length=6,
        max_length=128,
        strip=False,
        # The password is legible, because it has to be passed on.
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"min_length": _("A password needs at least 6 characters.")},
    )
    with_reasoning = forms.BooleanField(label=_("Include the model’s reasoning"), required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, prefix="share")
        style(self)

    def terms(self) -> Terms:
        """Return the terms for share (actions/sharing.py). Only after ``is_valid``."""
        days = self.cleaned_data["expiry"]
        return Terms(
            expires_at=timezone.now() + datetime.timedelta(days=int(days)) if days else None,
            password=self.cleaned_data["password"],
            with_reasoning=self.cleaned_data["with_reasoning"],
        )


class LinkPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "off", "autofocus": True}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        style(self)


class PolicyForm(forms.Form):
    audience = forms.ChoiceField(
        label=_("Who can open shared links"),
        choices=SharingPolicy.Audience.choices,
        widget=forms.RadioSelect,
    )

"""The forms of the set-up page: first administrator, first connection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.forms.connections import ConnectionForm
from conversations.forms.widgets import style
from conversations.models import User

PASSWORD_HINT = _("At least 8 characters, not only digits, and not a common password.")


class AdministratorForm(forms.Form):
    """The first administrator, and the one-time code if one is needed."""

    code = forms.CharField(
        label=_("Set-up code"),
        help_text=_("It’s in the server’s log, in the terminal where you started it."),
        max_length=100,
        widget=forms.TextInput({"autocomplete": "one-time-code", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username"}),
    )
    name = forms.CharField(
        label=pgettext_lazy("of a person", "Name"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=PASSWORD_HINT,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, data: Any = None, *, needs_code: bool) -> None:
        super().__init__(data)
        if not needs_code:
            del self.fields["code"]
        style(self)

    def clean(self) -> dict[str, Any]:
        """Validate the password, also against the email and name."""
        cleaned = super().clean() or self.cleaned_data
        user = User(email=cleaned.get("email", ""), name=cleaned.get("name", ""))
        try:
            validate_password(cleaned.get("password", ""), user)
        except ValidationError as error:
            if "password" in cleaned:
                self.add_error("password", error)
        return cleaned


class FirstConnectionForm(ConnectionForm):
    """The team's first connection, without the fields that can wait for the settings.

    The header for the key is found by the test.
    """

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, owner=None)
        for name in ("is_plain", "served_models", "auth_style"):
            del self.fields[name]
        # A failed test must not cost another look for the key. It comes back in that answer only.
        self.fields["key"].widget.render_value = True
        self.fields["name"].initial = _("Team")
        self.fields["serves_all_models"].widget = forms.HiddenInput()

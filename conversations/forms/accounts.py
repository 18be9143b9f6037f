"""The sign-in and password forms: django-allauth's rules with our labels and controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.actions.people import set_password_by_link
from conversations.forms.setup import PASSWORD_HINT
from conversations.forms.widgets import style

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class LoginForm(allauth_forms.LoginForm):
    """Email and password. A disabled user is told so only with the right password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _label(self, login=_("Email"), password=_("Password"))
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}
        self.fields["password"].help_text = _("Forgot it? Ask an administrator for a new link.")
        self.fields["remember"].label = _("Stay signed in for 30 days")
        self.fields["remember"].initial = True

    def clean(self) -> dict[str, Any]:
        """Add to allauth's check that the user is not disabled."""
        cleaned: dict[str, Any] = super().clean()
        if self.user is not None and not self.user.is_active:
            raise get_adapter().validation_error("account_inactive")
        return cleaned


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _label(
            self,
            oldpassword=_("Current password"),
            password1=_("New password"),
            password2=_("New password, again"),
        )
        self.fields["password1"].help_text = PASSWORD_HINT


class SetPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """The new password of a user who opened a sign-in link."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _label(self, password1=_("New password"), password2=_("New password, again"))
        self.fields["password1"].help_text = PASSWORD_HINT

    def save(self) -> None:
        """Store the password, which ends the link. Raises LinkUsedError."""
        password = self.cleaned_data["password1"]
        set_password_by_link(self.user, token=self.temp_key, password=password)


class LinkForm(allauth_forms.UserTokenForm):
    """A sign-in link. Those of disabled users are invalid."""

    def clean(self) -> dict[str, Any]:
        """Add to allauth's check of the token that the user is not disabled."""
        cleaned: dict[str, Any] = super().clean()
        if not self.reset_user.is_active:
            raise get_adapter().validation_error("invalid_password_reset")
        return cleaned


def _label(form: forms.Form, **labels: StrPromise) -> None:
    """Set our labels, and remove the placeholders and links that allauth adds."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label = label
        field.help_text = ""
        field.widget.attrs.pop("placeholder", None)
    style(form)

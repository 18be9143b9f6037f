"""What we let django-allauth do: no sign-up, no mail, and limits that spare the owner."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.database import transactions
from conversations.models import User


class AccountAdapter(DefaultAccountAdapter):
    """People are added by an administrator, who passes a link on: there is no mail server."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is disabled. Ask an administrator."),
        "email_password_mismatch": _("That email and password don’t match."),
        "enter_current_password": _("This is not your current password."),
        "too_many_login_attempts": _(
            "Too many wrong passwords. Wait five minutes, then try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        del request
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """No mail is sent, whatever asks for it."""

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """Refuse who typed too many wrong passwords for this account from this address.

        That limit is the tight one; allauth's own for an account, from everywhere, is wide, so
        that a stranger cannot keep the owner out (settings.ACCOUNT_RATE_LIMITS).
        """
        if not self._may_try(request, credentials, dry_run=True):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        """Count a wrong password for this account from this address."""
        self._may_try(request, credentials, dry_run=False)

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in; the time of it is a write like any other."""
        with transactions.write():
            super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Tell who was disabled between the password and the sign-in."""
        del user
        messages.error(request, str(self.error_messages["account_inactive"]))
        return redirect("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the page where the password was changed."""
        del request
        return reverse("settings_security")

    def set_password(self, user: User, password: str) -> None:
        """Store a password that was found strong enough."""
        user.set_password(password)
        with transactions.write():
            user.save(update_fields=["password"])

    def _may_try(self, request: HttpRequest, credentials: dict[str, str], *, dry_run: bool) -> bool:
        key = f"{self.get_client_ip(request)} {credentials.get('email', '').lower()}"
        allowed: bool = ratelimit.consume(
            request, action="login_failed_here", key=key, dry_run=dry_run
        )
        return allowed

"""The adapter of django-allauth: no sign-up, no mail, and limits that do not lock out the owner."""

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
    """Administrators add users and pass on a link, because there is no mail server."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is disabled. Ask an administrator."),
        "email_password_mismatch": _("That email and password don’t match."),
        "enter_current_password": _("That isn’t your current password."),
        "too_many_login_attempts": _(
            "Too many wrong passwords. Wait five minutes, then try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing."""

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """Refuse an address after too many wrong passwords for the account.

        allauth's own limit, for an account from all addresses, is wide, so that a stranger cannot
        lock out the owner (settings.ACCOUNT_RATE_LIMITS).
        """
        if not self._may_try(request, credentials, dry_run=True):
            raise self.validation_error("too_many_login_attempts")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        self._may_try(request, credentials, dry_run=False)

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in within a write transaction, because the time of it is stored."""
        with transactions.write():
            super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Answer a user who was disabled between the password and the sign-in."""
        del user
        messages.error(request, str(self.error_messages["account_inactive"]))
        return redirect("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        del request
        return reverse("settings_security")

    def set_password(self, user: User, password: str) -> None:
        """Store a validated password."""
        user.set_password(password)
        with transactions.write():
            user.save(update_fields=["password"])

    def _may_try(self, request: HttpRequest, credentials: dict[str, str], *, dry_run: bool) -> bool:
        key = f"{self.get_client_ip(request)} {credentials.get('email', '').lower()}"
        allowed: bool = ratelimit.consume(
            request, action="login_failed_here", key=key, dry_run=dry_run
        )
        return allowed

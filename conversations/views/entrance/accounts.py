"""Signing in and out and changing the password: django-allauth's views with our pages."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from conversations.actions.people import LinkUsedError
from conversations.forms.accounts import ChangePasswordForm, LoginForm, SetPasswordForm
from conversations.queries.audit import openings_for
from conversations.views.web.requests import current_user


class RefusedFormMixin:
    """Answers an invalid form with 422, or 429 after too many attempts."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        is_limited = form.has_error("__all__", "too_many_login_attempts")
        context: dict[str, Any] = self.get_context_data(form=form)  # type: ignore[attr-defined]
        response: HttpResponse = self.render_to_response(  # type: ignore[attr-defined]
            context, status=429 if is_limited else 422
        )
        return response


class LoginView(RefusedFormMixin, allauth_views.LoginView):
    form_class = LoginForm


class LogoutView(allauth_views.LogoutView):
    """Sign out by POST. GET asks for confirmation."""


class PasswordChangeView(RefusedFormMixin, allauth_views.PasswordChangeView):
    """Change the user's password, which ends their other sessions."""

    form_class = ChangePasswordForm
    template_name = "settings/security.html"

    def get_context_data(self, **context: object) -> dict[str, Any]:
        """Add the context of the same page in views/settings/profile.py."""
        openings = openings_for(current_user(self.request))
        data: dict[str, Any] = super().get_context_data(**context, openings=openings)
        return data


class LinkView(RefusedFormMixin, allauth_views.PasswordResetFromKeyView):
    """Set a password by the link that an administrator passed on."""

    form_class = SetPasswordForm
    template_name = "account/link.html"

    def dispatch(
        self, request: HttpRequest, uidb36: str, key: str, **kwargs: object
    ) -> HttpResponseBase:
        """Refuse the link of another user, which allauth would answer by signing this one out."""
        user = request.user
        if user.is_authenticated and user.pk.hex != uidb36:
            return render(request, "account/link_of_other.html", status=409)
        response: HttpResponseBase = super().dispatch(request, uidb36, key, **kwargs)
        return response

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Set the password and sign in. A link that was used meanwhile gets the page for that."""
        # For the message, because somebody without a password has no other devices.
        is_first = not self.reset_user.has_usable_password()
        setattr(self.request, "is_first_password", is_first)  # noqa: B010 (no attribute of requests)
        try:
            response: HttpResponse = super().form_valid(form)
        except LinkUsedError:
            return self.render_to_response(self.get_context_data(token_fail=True))
        return response

    def get_context_data(self, **context: object) -> dict[str, Any]:
        """Add the user of the link."""
        data: dict[str, Any] = super().get_context_data(person=self.reset_user, **context)
        return data

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        """Answer an invalid link with 410."""
        if context.get("token_fail"):
            options["status"] = 410
        response: HttpResponse = super().render_to_response(context, **options)
        return response


login = LoginView.as_view()
logout = LogoutView.as_view()
password_change = PasswordChangeView.as_view()
link = LinkView.as_view()

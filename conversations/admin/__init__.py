"""Django's admin, read-only, for rows that have no page of their own."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from conversations.admin import (
    audit_entries,
    connections,
    conversations,
    language_models,
    people,
)

__all__ = ["audit_entries", "connections", "conversations", "language_models", "people"]

admin.site.site_header = _("Chatsite administration")
admin.site.site_title = _("Chatsite administration")
admin.site.index_title = _("Records")
# Django's own sign-in does not limit wrong passwords; users who are no administrators get 403.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# The email address is a field of the user; an EmailAddress would be another way to sign in.
admin.site.unregister(EmailAddress)
# Roles replace groups.
admin.site.unregister(Group)

"""Django's admin: for administrators, to read what has no page of its own."""

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
admin.site.index_title = _("Look things up")
# Its own sign-in has no limits for wrong passwords; who is no administrator gets 403.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# An address is kept on the person; a second one here would be another way to sign in.
admin.site.unregister(EmailAddress)
# There are two roles and no groups.
admin.site.unregister(Group)

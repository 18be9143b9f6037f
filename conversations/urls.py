"""Every HTTP route, by the folder of its views."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("conversations.views.chat.urls")),
    path("", include("conversations.views.entrance.urls")),
    path("settings/", include("conversations.views.settings.urls")),
    path("share/", include("conversations.views.share.urls")),
    # The site's own pages instead of the admin's: sign-out and passwords have one way each.
    path("admin/logout/", RedirectView.as_view(pattern_name="account_logout")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="settings_security")),
    path("admin/", admin.site.urls),
]

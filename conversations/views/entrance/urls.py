"""Routes of signing in, setting up, and those that are open to everybody."""

from __future__ import annotations

from django.urls import path, re_path

from conversations.views.entrance import (
    accounts,
    health,
    language,
    setup,
    setup_connection,
    web_app,
)

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("accounts/login/", accounts.login, name="account_login"),
    path("accounts/logout/", accounts.logout, name="account_logout"),
    path("accounts/password/change/", accounts.password_change, name="account_change_password"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        accounts.link,
        name="account_reset_password_from_key",
    ),
    path("language/", language.language, name="language"),
    path("manifest.webmanifest", web_app.manifest, name="manifest"),
    path("offline/", web_app.offline, name="offline"),
    path("service-worker.js", web_app.service_worker, name="service_worker"),
    path("setup/", setup.setup, name="setup"),
    path("setup/connection/", setup_connection.setup_connection, name="setup_connection"),
]

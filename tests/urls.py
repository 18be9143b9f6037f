"""The URLs of the installation, and that of the design page, which it has only under ``DEBUG``."""

from __future__ import annotations

from django.urls import path

from chatsite.urls import handler400, handler500
from chatsite.urls import urlpatterns as site
from conversations.views.settings.design import settings_design

__all__ = ["handler400", "handler500", "urlpatterns"]

urlpatterns = [path("settings/design/", settings_design, name="settings_design"), *site]

"""Every URL of the installation: the conversations app at the root."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("conversations.urls"))]

handler400 = "conversations.views.web.failures.bad_request"
handler500 = "conversations.views.web.failures.server_error"

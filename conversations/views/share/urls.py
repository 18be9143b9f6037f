"""Routes of shared links, below ``share/``."""

from __future__ import annotations

from django.urls import path

from conversations.views.share import shared

urlpatterns = [
    path("<slug:token>/", shared.shared, name="shared"),
    path("<slug:token>/copy/", shared.shared_copy, name="shared_copy"),
    path("<slug:token>/files/<uuid:attachment_id>/", shared.shared_file, name="shared_file"),
]

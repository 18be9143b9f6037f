"""The address of this site, for links that are passed on."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def site_address(request: HttpRequest) -> str:
    """Return the scheme and host of this site: PUBLIC_URL, else those of the request."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")

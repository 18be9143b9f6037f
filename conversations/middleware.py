"""Middleware for trusted proxies, the user's language and time zone, and the set-up page."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin

from conversations.queries import people

FORWARDING_HEADERS = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
    "HTTP_VIA",
)
# Served without a session, and before the first administrator exists.
OPEN_PATHS = ("/healthz", "/readyz", "/language/")


class TrustedProxyMiddleware(MiddlewareMixin):
    """Accepts forwarding headers from TRUSTED_PROXIES only, and drops all others."""

    def process_request(self, request: HttpRequest) -> None:
        """Set REMOTE_ADDR to the client's address, and `was_forwarded` if there was any header."""
        meta = request.META
        request.was_forwarded = any(name in meta for name in FORWARDING_HEADERS)  # type: ignore[attr-defined]
        if meta.get("REMOTE_ADDR") not in settings.TRUSTED_PROXIES:
            for name in FORWARDING_HEADERS:
                meta.pop(name, None)
            return
        forwarded_for = meta.get("HTTP_X_FORWARDED_FOR", "")
        meta["REMOTE_ADDR"] = _client_address(forwarded_for.split(",")) or meta["REMOTE_ADDR"]


def _client_address(hops: Iterable[str]) -> str:
    """Return the last hop that is not a trusted proxy: the client can forge those before it."""
    addresses = [hop.strip() for hop in hops if hop.strip()]
    return next((hop for hop in reversed(addresses) if hop not in settings.TRUSTED_PROXIES), "")


class UserMiddleware(MiddlewareMixin):
    """Activates the user's language and time zone, and forbids caching of pages."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate the user's choices; without one, LocaleMiddleware's language stays."""
        user = request.user
        if not user.is_authenticated:
            timezone.deactivate()
            return
        if user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        _activate_zone(user.time_zone)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Forbid shared caches and the browser to store the response, unless a view decided."""
        del request
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response


def _activate_zone(name: str) -> None:
    try:
        timezone.activate(zoneinfo.ZoneInfo(name or settings.TIME_ZONE))
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        timezone.deactivate()


class SetupMiddleware(MiddlewareMixin):
    """Redirects every page to the set-up page until the first administrator exists."""

    is_set_up = False

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """Redirect to the set-up page. The result is remembered once there is a user."""
        if self.is_set_up or request.path.startswith(OPEN_PATHS):
            return None
        if people.has_people():
            type(self).is_set_up = True
            return None
        setup_url = reverse("setup")
        return None if request.path.startswith(setup_url) else HttpResponseRedirect(setup_url)

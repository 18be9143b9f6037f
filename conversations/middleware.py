"""Middleware for trusted proxies, the user's language and time zone, and the set-up page."""

from __future__ import annotations

import logging
import zoneinfo
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template import loader
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.deprecation import MiddlewareMixin

from conversations.network import ip_networks as networks
from conversations.queries import people

logger = logging.getLogger(__name__)

FORWARDING_HEADERS = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
    "HTTP_VIA",
)
# The machine itself requests these, over plain HTTP.
PROBES = ("/healthz", "/readyz")
# Served without a session, and before the first administrator exists.
OPEN_PATHS = (*PROBES, "/language/")
# The log names no more proxies than this, because any client can send the headers.
MAX_TOLD = 16
NOT_TRUSTED = (
    "%s passed on a request for %s, but is not among TRUSTED_PROXIES. If it is your reverse proxy, "
    "add its address or network there and start Chatsite again."
)
NOT_HTTPS = (
    "The proxy %s passed on a request for %s without the header X-Forwarded-Proto: https. Let it "
    "set that header, because nothing else tells that the browser used HTTPS."
)


class TrustedProxyMiddleware(MiddlewareMixin):
    """Believe forwarding headers of TRUSTED_PROXIES only, and drop everybody else's."""

    told: ClassVar[set[str]] = set()

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """Put the client's own address into REMOTE_ADDR, and remember whether a proxy spoke.

        Answers a request that would be redirected to its own URL for ever.
        """
        meta = request.META
        peer = networks.plain_address(meta.get("REMOTE_ADDR") or "")
        request.was_forwarded = any(name in meta for name in FORWARDING_HEADERS)  # type: ignore[attr-defined]
        is_trusted = networks.is_within(peer, settings.TRUSTED_PROXIES)
        would_loop = _would_loop(request, is_trusted=is_trusted)
        meta["REMOTE_ADDR"] = (_client_address(request) if is_trusted else "") or peer
        if not is_trusted:
            for name in FORWARDING_HEADERS:
                meta.pop(name, None)
        return self._refuse(request, peer, is_trusted=is_trusted) if would_loop else None

    def _refuse(self, request: HttpRequest, peer: str, *, is_trusted: bool) -> HttpResponse:
        """Return 400 with what the operator has to do; the log names the proxy."""
        if peer not in self.told and len(self.told) < MAX_TOLD:
            self.told.add(peer)
            logger.warning(NOT_HTTPS if is_trusted else NOT_TRUSTED, peer, settings.PUBLIC_URL)
        template = loader.get_template("misconfigured_proxy.html")
        with translation.override(translation.get_language_from_request(request)):
            page = HttpResponse(template.render({"is_trusted": is_trusted}), status=400)
        patch_cache_control(page, private=True, no_store=True)
        return page


def _would_loop(request: HttpRequest, *, is_trusted: bool) -> bool:
    """Whether the redirect to HTTPS would lead to the URL that the browser asked the proxy for.

    A proxy that says ``http`` was asked over HTTP: then the redirect is right.
    """
    if not (settings.SECURE_SSL_REDIRECT and request.was_forwarded):  # type: ignore[attr-defined]
        return False
    scheme = request.META.get("HTTP_X_FORWARDED_PROTO", "").partition(",")[0].strip()
    is_secure = is_trusted and scheme == "https"
    return scheme != "http" and not is_secure and request.path not in PROBES


def _client_address(request: HttpRequest) -> str:
    """Return the last hop that is not our proxy: what stands before it, a client may have written.

    Where a trusted network has clients too, all hops may be of it: then the client is the first.
    """
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    addresses = [networks.plain_address(hop.strip()) for hop in hops if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    foreign = (hop for hop in reversed(addresses) if not networks.is_within(hop, trusted))
    return next(foreign, addresses[0] if addresses else "")


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

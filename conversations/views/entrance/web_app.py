"""The installable web app: manifest, service worker, offline page."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

WORKER = Path(settings.BASE_DIR) / "static/js/service-worker.js"
# The background of pages in light (static/css/tokens.css), because a manifest has one colour only.
GROUND = "#f9fcfa"
ICONS = (("192", "any"), ("512", "any"), ("maskable-512", "maskable"))
# These may be cached, because they hold nothing private.
AN_HOUR = "private, max-age=3600"
ALWAYS_ASK = "private, no-cache"


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """Return the web app manifest in the reader's language."""
    del request
    document = {
        "id": "/",
        "name": "Chatsite",
        "short_name": "Chatsite",
        "description": _("Your team’s chat with language models."),
        "lang": get_language(),
        "start_url": reverse("new_chat"),
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [
            {
                "src": static(f"img/icon-{name}.png"),
                "sizes": "x".join([name.removeprefix("maskable-")] * 2),
                "type": "image/png",
                "purpose": purpose,
            }
            for name, purpose in ICONS
        ],
    }
    response = JsonResponse(document, content_type="application/manifest+json")
    response["Cache-Control"] = AN_HOUR
    return response


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker, at the root of its scope.

    Its first line names the resources of the offline page: if they change, the browser sees another
    worker and loads the page anew.
    """
    del request
    made_from = [static("css/app.css"), static("js/offline.js"), get_language()]
    first = f"const MADE_FROM = {json.dumps(made_from)};\n"
    response = HttpResponse(first + WORKER.read_text(encoding="utf-8"), "text/javascript")
    response["Cache-Control"] = ALWAYS_ASK
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Render the page that the worker shows while the server cannot be reached."""
    response = render(request, "offline.html")
    response["Cache-Control"] = ALWAYS_ASK
    return response

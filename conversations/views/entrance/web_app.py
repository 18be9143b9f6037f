"""What makes the site an app on a phone or desk: manifest, service worker, page without network."""

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
# The page's own ground in light, as DESIGN § 2.1 has it; a manifest knows one colour only.
GROUND = "#f9fcfa"
ICONS = (("192", "any"), ("512", "any"), ("maskable-512", "maskable"))
# Nothing private is in any of these, and each names what it was made from.
AN_HOUR = "private, max-age=3600"
ALWAYS_ASK = "private, no-cache"


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest, in the language of who asks."""
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
    """The service worker, at the root that it is for.

    Its first line names what the offline page is made from: another build or language is another
    worker to the browser, which then fetches that page anew.
    """
    del request
    made_from = [static("css/app.css"), static("js/offline.js"), get_language()]
    first = f"const MADE_FROM = {json.dumps(made_from)};\n"
    response = HttpResponse(first + WORKER.read_text(encoding="utf-8"), "text/javascript")
    response["Cache-Control"] = ALWAYS_ASK
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the worker shows while the server cannot be reached; knows nobody."""
    response = render(request, "offline.html")
    response["Cache-Control"] = ALWAYS_ASK
    return response

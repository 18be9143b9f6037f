"""The ASGI application: static files, then Django for HTTP and our one socket route."""

from __future__ import annotations

import os

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
django.setup(set_prefix=False)

from chatsite.handler import OneThreadHandler  # noqa: E402 (Django must be set up first)
from chatsite.static_files import Receive, Scope, Send, StaticFiles  # noqa: E402 (as above)
from conversations.generation import engine  # noqa: E402 (as above)
from conversations.routing import websocket_urlpatterns  # noqa: E402 (apps must be loaded first)
from conversations.upkeep import schedule  # noqa: E402 (as above)

# Origins are compared whole: Channels' AllowedHosts validator ignores scheme and port.
_django = ProtocolTypeRouter(
    {
        "http": OneThreadHandler(),
        "websocket": OriginValidator(URLRouter(websocket_urlpatterns), settings.ALLOWED_ORIGINS),
    }
)
_site = StaticFiles(_django, root=str(settings.STATIC_ROOT), prefix=settings.STATIC_URL)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one connection. The first one starts the engine, whichever server this is."""
    engine.ensure_started(schedule.background)
    await _site(scope, receive, send)

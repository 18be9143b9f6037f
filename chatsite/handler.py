"""Django's ASGI handler, with the whole of a request in one thread."""

from __future__ import annotations

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class OneThreadHandler(ASGIHandler):
    """Runs middlewares and view in one visit to a thread.

    All of ours are synchronous. Django's own handler calls each middleware as a coroutine, and
    each then goes to a thread and back, before the view and after it: 26 changes for a page that
    does nothing, which took 7 ms (bench/README.md).
    """

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002 (Django's signature)
        """Build the chain as for WSGI."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Return what the chain answers, from the request's thread."""
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)

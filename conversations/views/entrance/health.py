"""Probes for a supervisor: whether the process is alive, and whether it can serve."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from conversations.generation import registry


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200."""
    del request
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 if the process can take requests, else 503 with the reason in a word."""
    del request
    if registry.is_draining():
        return HttpResponse("stopping\n", status=503, content_type="text/plain")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("database\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")

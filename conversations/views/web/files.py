"""Stored files, as responses."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from conversations import file_store
from conversations.file_reading.images import THUMBNAIL_TYPE
from conversations.models import Attachment

# A file must not run scripts: images are displayed, all others are only downloaded.
SANDBOX = "sandbox; default-src 'none'; img-src 'self'"


def file_response(row: Attachment, *, is_small: bool = False) -> HttpResponse:
    """Return the bytes of a file under its own name, sandboxed; ``is_small``: of its small copy.

    The whole content at once: files are small enough, and under ASGI Django would read an open
    file to its end before the first byte is sent. Raises ``Http404`` where the content is gone.
    """
    is_small = is_small and bool(row.thumbnail)
    try:
        content = file_store.read(row.thumbnail if is_small else row.digest)
    except FileNotFoundError:
        raise Http404 from None
    media_type = THUMBNAIL_TYPE if is_small else row.media_type
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(not row.is_image, row.name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response

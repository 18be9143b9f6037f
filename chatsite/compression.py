"""Pages compressed on their way out: Brotli, which makes them a seventh smaller than gzip."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from typing import cast

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

_ACCEPTS = re.compile(r"\bbr\b")
# A page of 250 KB takes 4 ms at 6; at 7 it takes 8, and is 1.3 % smaller.
QUALITY = 6
SMALLEST = 200
# Random padding as in Django's gzip, so that the length reveals nothing of a secret (BREACH).
MAX_PADDING = 100


class CompressionMiddleware(GZipMiddleware):
    """Compresses HTML with Brotli for who accepts it, everything else as Django does."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress the body, unless it is short or compressed already."""
        if isinstance(response, StreamingHttpResponse):
            return _streamed(request, response)
        if not isinstance(response, HttpResponse) or not _is_ours(request, response):
            return super().process_response(request, response)
        padding = secrets.token_hex(MAX_PADDING)[: secrets.randbelow(MAX_PADDING)]
        page = response.content + f"<!--{padding}-->".encode()
        response.content = brotli.compress(page, mode=brotli.MODE_TEXT, quality=QUALITY)
        response["Content-Length"] = str(len(response.content))
        response["Content-Encoding"] = "br"
        patch_vary_headers(response, ("Accept-Encoding",))
        return response


def _is_ours(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        len(response.content) >= SMALLEST
        and response.get("Content-Type", "").startswith("text/html")
        and not response.has_header("Content-Encoding")
        and _accepts(request)
    )


def _accepts(request: HttpRequest) -> bool:
    return _ACCEPTS.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) is not None


def _streamed(request: HttpRequest, response: StreamingHttpResponse) -> StreamingHttpResponse:
    """Brotli or nothing: Django makes a gzip file of each piece, of which browsers read one.

    Files are streamed too, synchronously, and stay as they are. No padding: what is streamed
    reflects nothing of the request (BREACH needs that).
    """
    patch_vary_headers(response, ("Accept-Encoding",))
    if response.is_async and _accepts(request):
        pieces = cast("AsyncIterator[bytes]", response.streaming_content)
        response.streaming_content = _compressed(pieces)
        response["Content-Encoding"] = "br"
    return response


async def _compressed(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """One Brotli stream; each piece can be read as soon as it is there."""
    compressor = brotli.Compressor(mode=brotli.MODE_TEXT, quality=QUALITY)
    async for piece in pieces:
        yield compressor.process(piece) + compressor.flush()
    yield compressor.finish()

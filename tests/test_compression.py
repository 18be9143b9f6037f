from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import brotli
import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from chatsite.compression import CompressionMiddleware

PAGE = "<p>A page that is long enough.</p>" * 20


def answer(accepted: str, response: HttpResponse) -> HttpResponse:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = accepted
    given = CompressionMiddleware(lambda _: response)(request)
    assert isinstance(given, HttpResponse)
    return given


def test_a_page_is_smaller_and_the_same() -> None:
    given = answer("gzip, deflate, br", HttpResponse(PAGE))
    assert given["Content-Encoding"] == "br"
    assert given["Content-Length"] == str(len(given.content))
    assert "Accept-Encoding" in given["Vary"]
    assert len(given.content) < len(PAGE)
    assert brotli.decompress(given.content).decode().startswith(PAGE)


def test_the_compressed_length_varies_at_random() -> None:
    assert len({len(answer("br", HttpResponse(PAGE)).content) for _ in range(30)}) > 3


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_gzip_where_brotli_is_unknown_and_for_what_is_no_page(kind: str) -> None:
    accepted = "gzip" if kind == "text/html" else "gzip, br"
    given = answer(accepted, HttpResponse(PAGE, content_type=kind))
    assert given["Content-Encoding"] == "gzip"
    assert gzip.decompress(given.content).decode() == PAGE


def test_a_small_body_is_not_compressed() -> None:
    given = answer("br, gzip", HttpResponse("short"))
    assert "Content-Encoding" not in given
    assert given.content == b"short"


@pytest.mark.parametrize("accepted", ["gzip, br", "gzip"])
async def test_a_stream_is_compressed_and_each_piece_flushed(accepted: str) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(3):
            yield f"{number} {PAGE}".encode()

    request = HttpRequest()
    request.META["HTTP_ACCEPT_ENCODING"] = accepted
    response = StreamingHttpResponse(pieces())
    CompressionMiddleware(lambda _: HttpResponse()).process_response(request, response)
    came = [piece async for piece in response]
    whole = "".join(f"{number} {PAGE}" for number in range(3))
    if accepted == "gzip":
        assert "Content-Encoding" not in response
        assert b"".join(came).decode() == whole
        return
    assert response["Content-Encoding"] == "br"
    reader = brotli.Decompressor()
    assert reader.process(came[0]).decode() == f"0 {PAGE}"
    assert brotli.decompress(b"".join(came)).decode() == whole
    assert len(b"".join(came)) < len(whole) / 5

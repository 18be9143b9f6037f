"""Requests over a transport, without a client around it."""

from __future__ import annotations

from typing import Any

import httpx

from conversations.network.transport import OutboundTransport


async def send(
    transport: OutboundTransport, url: str, method: str = "GET", **options: Any
) -> httpx.Response:
    """Send a request and read its response to the end."""
    response = await transport.handle_async_request(httpx.Request(method, url, **options))
    try:
        await response.aread()
    finally:
        await response.aclose()
    return response

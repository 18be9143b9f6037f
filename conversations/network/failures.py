"""Failures of aiohttp as httpx names them."""

from __future__ import annotations

import os
import ssl

import aiohttp
import httpx


def as_httpx(error: aiohttp.ClientError) -> httpx.TransportError:
    """Return httpx's exception for one of aiohttp's.

    Only a failed connection has words for users: the system's own, without the address.
    """
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return httpx.ConnectTimeout("")
    if isinstance(error, aiohttp.ClientConnectorError):
        return httpx.ConnectError(_words(error.os_error))
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return httpx.ConnectError("")
    if isinstance(error, aiohttp.ClientOSError):
        return httpx.ReadError(str(error))
    # The response is cut off, malformed, or did not begin.
    return httpx.RemoteProtocolError(str(error))


def _words(error: OSError) -> str:
    """Describe why no connection could be opened."""
    if not isinstance(error, ssl.SSLError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or str(error)

"""The client's end of a WebSocket, byte by byte, for clients that break the rules."""

from __future__ import annotations

import base64
import json
import os
import socket
import struct

from django.conf import settings

from tests.live import LiveSite

TEXT, BINARY, CLOSE = 0x81, 0x82, 0x88
# Close codes: RFC 6455, section 7.4.1.
PROTOCOL_ERROR, NOT_UTF8, TOO_BIG = 1002, 1007, 1009


def open_socket(site: LiveSite, session_key: str, *, buffer: int = 65_536) -> socket.socket:
    """Open a WebSocket; ``buffer`` is the size of the receive buffer in bytes."""
    raw, answer = shake_hands(site, session_key, buffer=buffer)
    assert answer.startswith(b"HTTP/1.1 101"), answer
    return raw


def shake_hands(
    site: LiveSite, session_key: str, *, buffer: int = 65_536
) -> tuple[socket.socket, bytes]:
    """Request a WebSocket; return the connection and the head of the response."""
    raw = socket.create_connection(("127.0.0.1", site.port), timeout=30)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    raw.sendall(
        "\r\n".join(
            [
                "GET /ws/ HTTP/1.1",
                f"Host: 127.0.0.1:{site.port}",
                "Upgrade: websocket",
                "Connection: Upgrade",
                f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
                "Sec-WebSocket-Version: 13",
                f"Origin: {site.url}",
                f"Cookie: {settings.SESSION_COOKIE_NAME}={session_key}",
                "\r\n",
            ]
        ).encode()
    )
    head = b""
    while not head.endswith(b"\r\n\r\n") and (more := raw.recv(1)):
        head += more
    return raw, head


def frame(payload: bytes, *, kind: int = TEXT) -> bytes:
    """Return a masked frame (RFC 6455, section 5.2), whose mask is zeros."""
    size = len(payload)
    if size < 126:
        length = bytes([0x80 | size])
    elif size < 2**16:
        length = b"\xfe" + struct.pack(">H", size)
    else:
        length = b"\xff" + struct.pack(">Q", size)
    return bytes([kind]) + length + bytes(4) + payload


def message(kind: str, **fields: object) -> bytes:
    """Return a frame of docs/protocol.md."""
    return frame(json.dumps({"t": kind, **fields}).encode())


def next_frame(raw: socket.socket) -> tuple[int, bytes]:
    """Return the first byte and the payload of the next frame; 0 and b"" at the end."""
    head = _take(raw, 2)
    if len(head) < 2:
        return 0, b""
    size = head[1]
    if size == 126:
        [size] = struct.unpack(">H", _take(raw, 2))
    elif size == 127:
        [size] = struct.unpack(">Q", _take(raw, 8))
    return head[0], _take(raw, size)


def close_code(raw: socket.socket) -> int:
    """Skip frames until the server closes, and return its close code."""
    while True:
        kind, payload = next_frame(raw)
        if kind == CLOSE:
            return int.from_bytes(payload[:2], "big")
        assert kind, "the server closed without a code"


def _take(raw: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size and (more := raw.recv(size - len(data))):
        data += more
    return data

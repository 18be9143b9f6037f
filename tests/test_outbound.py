"""Check that only the upstream client and the guarded fetch connect to other servers."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [ROOT / "conversations", ROOT / "chatsite", ROOT / "manage.py"]
# The files that may open connections to other servers, and the modules that they do it with.
DOORS = {
    "conversations/network/failures.py": {"aiohttp", "httpx"},
    "conversations/network/response.py": {"aiohttp", "httpx"},
    "conversations/network/tls.py": {"httpx"},
    "conversations/network/transport.py": {"aiohttp", "httpx"},
    "conversations/network/upload.py": {"httpx"},
    "conversations/tools/fetch.py": {"httpx"},
    "conversations/upstream/asking/attempt.py": {"httpx"},
    "conversations/upstream/asking/pools.py": {"httpx"},
    "conversations/upstream/recording.py": {"httpx"},
    # These look names up and connect to nothing.
    "conversations/network/addresses.py": {"socket"},
    "conversations/network/resolver.py": {"aiohttp", "socket"},
    # These serve on the loopback and connect to nothing.
    "conversations/demo/app.py": {"aiohttp"},
    "conversations/demo/server.py": {"aiohttp"},
    "conversations/demo/stream.py": {"aiohttp"},
    # Reads a PDF in a process of its own, which gets no address.
    "conversations/file_reading/documents.py": {"subprocess"},
}
# Methods whose names are given by the interface that they implement.
DEFINED = {
    # Says that there is no mail.
    "conversations/views/entrance/account_adapter.py": {".send_mail"},
}
MODULES = frozenset(
    {
        "aiohttp", "anyio", "ftplib", "grpc", "http.client", "httpcore", "httpx", "imaplib",
        "nntplib", "paramiko", "poplib", "pycurl", "requests", "smtplib", "socket", "socketserver",
        "ssl", "subprocess", "telnetlib", "trio", "urllib.request", "urllib3", "websocket",
        "websockets", "xmlrpc.client", "django.core.mail", "multiprocessing.connection",
        "twisted.internet.endpoints", "twisted.web.client",
    }
)  # fmt: skip
CALLS = frozenset(
    {
        "create_connection", "create_datagram_endpoint", "create_unix_connection", "connectTCP",
        "connectSSL", "connect_tcp", "open_connection", "open_unix_connection", "sock_connect",
        "connect_ex", "urlopen", "urlretrieve", "send_mail", "create_subprocess_exec",
        "create_subprocess_shell", "popen", "system", "import_module", "__import__",
    }
)  # fmt: skip
# Its names are left out, because importing the types of certificates opens no connection.
HARMLESS = {"ssl"}


def ways_out(source: str) -> set[str]:
    """Return the modules and calls in a source with which a connection can be opened."""
    return set(_ways_out(ast.parse(source)))


def _ways_out(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from filter(None, (_module(name.name) for name in node.names))
        elif isinstance(node, ast.ImportFrom):
            for name in node.names:
                if found := _module(f"{node.module}.{name.name}"):
                    yield found
        elif isinstance(node, ast.Attribute) and node.attr in CALLS:
            yield f".{node.attr}"
        elif isinstance(node, ast.Name) and node.id in CALLS:
            yield f".{node.id}"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in CALLS:
            yield f".{node.name}"


def _module(name: str) -> str:
    """Return the listed module to which a dotted name belongs."""
    parts = name.split(".")
    dotted = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return next((one for one in dotted if one in MODULES - HARMLESS), "")


def files() -> list[Path]:
    found = [path for source in SOURCES for path in ([source, *source.rglob("*.py")])]
    return [path for path in found if path.suffix == ".py"]


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_else_opens_a_connection(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    found = ways_out(path.read_text(encoding="utf-8"))
    assert found - DOORS.get(name, set()) - DEFINED.get(name, set()) == set()


def test_every_listed_module_still_opens_connections() -> None:
    for name, ways in DOORS.items():
        assert ways <= ways_out((ROOT / name).read_text(encoding="utf-8")), name


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import httpx", {"httpx"}),
        ("import urllib.request", {"urllib.request"}),
        ("from urllib import request", {"urllib.request"}),
        ("from urllib.parse import urlsplit", set()),
        ("from http import client as c", {"http.client"}),
        ("from http.cookiejar import CookieJar", set()),
        ("def f():\n    import requests", {"requests"}),
        ("import asyncio\nasyncio.open_connection('x', 1)", {".open_connection"}),
        ("from asyncio import open_connection\nopen_connection('x', 1)", {".open_connection"}),
        ("loop.create_connection(P, 'x', 1)", {".create_connection"}),
        ("import importlib\nimportlib.import_module('socket')", {".import_module"}),
        ("__import__('socket')", {".__import__"}),
        ("import os\nos.system('curl x')", {".system"}),
        ("import socket as s", {"socket"}),
    ],
)
def test_each_way_out_is_seen(source: str, found: set[str]) -> None:
    assert ways_out(source) == found

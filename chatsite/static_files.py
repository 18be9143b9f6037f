"""Static files: sheets and scripts joined when collected; answered before Django is asked."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from pathlib import Path, PurePosixPath
from typing import Any

from whitenoise import WhiteNoise
from whitenoise.storage import CompressedManifestStaticFilesStorage

from chatsite import script_joiner

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

ENTRY_SHEET = "css/app.css"
SCRIPTS, ENTRY_SCRIPT = "js/", "application"
IMPORT = re.compile(r'@import url\("([^"]+)"\);')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INDENT = re.compile(r"^\s+", re.MULTILINE)


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names, compressed copies; one style sheet, one file of scripts.

    Each sheet declares its own cascade layer, so joining them in order changes nothing; how modules
    are joined is told in script_joiner.py.
    """

    def post_process(
        self, paths: dict[str, Any], *, dry_run: bool = False, **options: bool
    ) -> Iterator[tuple[str, str, bool]]:
        """Join, then hash and compress as the parent does."""
        if not dry_run:
            joined = {**_joined_sheet(paths), **_joined_scripts(paths)}
            for name, text in joined.items():
                Path(self.path(name)).write_text(text, encoding="utf-8")
            # Hashed from the collected copies, which are joined, not from their sources.
            paths = {**paths, **{name: (self, name) for name in joined}}
        yield from super().post_process(paths, dry_run=dry_run, **options)


def _text(paths: dict[str, Any], name: str) -> str:
    """A source: what was collected may be joined already."""
    storage, path = paths[name]
    return Path(storage.path(path)).read_text(encoding="utf-8")


def _joined_sheet(paths: dict[str, Any]) -> dict[str, str]:
    """Return the entry sheet with each ``@import url("…");`` replaced by that file's text.

    Comments, blank lines and indentation are left out, because browsers need none of them.
    """
    if ENTRY_SHEET not in paths:
        return {}
    folder = PurePosixPath(ENTRY_SHEET).parent
    text = _text(paths, ENTRY_SHEET)
    joined = IMPORT.sub(lambda match: _text(paths, str(folder / match[1])), text)
    return {ENTRY_SHEET: INDENT.sub("", COMMENT.sub("", joined))}


def _joined_scripts(paths: dict[str, Any]) -> dict[str, str]:
    """The entry module with all that it needs; their own files lead into it."""
    sources = {
        name.removeprefix(SCRIPTS).removesuffix(".js"): _text(paths, name)
        for name in paths
        if name.startswith(SCRIPTS) and name.endswith(".js")
    }
    if ENTRY_SCRIPT not in sources:
        return {}
    files = script_joiner.join(ENTRY_SCRIPT, sources)
    return {f"{SCRIPTS}{name}.js": text for name, text in files.items()}


class StaticFiles:
    """ASGI: answers ``prefix`` from the collected files, gives everything else to ``application``.

    WhiteNoise's own middleware is sync-only, so each file would cost a thread and Django's whole
    middleware; the collected files are read and compressed once, and small.
    """

    def __init__(self, application: Application, *, root: str, prefix: str) -> None:
        self.application = application
        self.prefix = prefix
        self.files = WhiteNoise(
            None, root=root, prefix=prefix, max_age=0, immutable_file_test=_is_hashed
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] != "http" or not scope["path"].startswith(self.prefix):
            await self.application(scope, receive, send)
            return
        file = self.files.files.get(scope["path"])
        if file is None:
            await _respond(send, 404, [("Content-Type", "text/plain")], b"Not found")
            return
        environ = {
            f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}": value.decode("latin-1")
            for name, value in scope["headers"]
        }
        response = file.get_response(scope["method"], environ)
        body = b""
        if response.file is not None:
            with response.file as opened:
                body = opened.read()
        await _respond(send, int(response.status), response.headers, body)


def _is_hashed(path: str, url: str) -> bool:
    """Whether a name carries its content's hash, so that a browser may keep it for ever."""
    del path
    return re.search(r"\.[0-9a-f]{12}\.[a-z0-9]+$", url) is not None


async def _respond(send: Send, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})

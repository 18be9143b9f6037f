"""Storage of uploaded and generated files, addressed by the SHA-256 of their content."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

_DIGEST = re.compile(r"[0-9a-f]{64}")


def folder() -> Path:
    """Return the folder in DATA_DIR, which is backed up with it."""
    place: Path = settings.DATA_DIR / "files"
    return place


def put(content: bytes) -> str:
    """Store the content atomically and return its digest."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        # A new modification time keeps the sweep from removing it before its new row exists.
        os.utime(path)
        return digest
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
    return digest


def path_of(digest: str) -> Path:
    """Return the path of a content. Raises ValueError if ``digest`` is not one."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError(digest)
    return folder() / digest[:2] / digest


def read(digest: str) -> bytes:
    """Return the content. Raises FileNotFoundError."""
    return path_of(digest).read_bytes()


def older_than(seconds: float) -> Iterator[str]:
    """Yield the digests of contents that were last stored more than ``seconds`` ago."""
    limit = time.time() - seconds
    for path in folder().glob("??/*"):
        if _DIGEST.fullmatch(path.name) and path.stat().st_mtime < limit:
            yield path.name


def remove(digest: str) -> None:
    """Delete a content, if it exists."""
    path_of(digest).unlink(missing_ok=True)

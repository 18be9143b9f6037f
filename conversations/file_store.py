"""Where the bytes of files lie: under names of ours, each content once."""

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
    """Part of what is backed up with DATA_DIR."""
    place: Path = settings.DATA_DIR / "files"
    return place


def put(content: bytes) -> str:
    """Keep the content; its digest finds it again. Whole or not at all, whatever happens."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        # Somebody needs it again: the sweep must not take it for forgotten.
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
    """Where the content with this digest is. Raises ValueError for what is no digest."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError(digest)
    return folder() / digest[:2] / digest


def read(digest: str) -> bytes:
    """The content. Raises FileNotFoundError."""
    return path_of(digest).read_bytes()


def older_than(seconds: float) -> Iterator[str]:
    """The digests of what was put, or put again, so long ago."""
    limit = time.time() - seconds
    for path in folder().glob("??/*"):
        if _DIGEST.fullmatch(path.name) and path.stat().st_mtime < limit:
            yield path.name


def remove(digest: str) -> None:
    """Forget a content."""
    path_of(digest).unlink(missing_ok=True)

"""Extraction of text from a PDF, in a subprocess with limits, because a file can be hostile."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from conversations.file_reading.refusals import Reason, UnreadableError

MAX_PAGES = 300
MAX_SECONDS = 30
MAX_MEMORY = 1024 * 1024 * 1024
_FAILED = 3
_ROOT = Path(__file__).resolve().parents[2]


def text_of_pdf(content: bytes) -> str:
    """Return the text of all pages. Raises UnreadableError: locked, too many pages, or broken."""
    try:
        # An empty environment, because ours contains keys.
        done = subprocess.run(
            [sys.executable, "-m", "conversations.file_reading.documents"],
            cwd=_ROOT,
            env={},
            input=content,
            capture_output=True,
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UnreadableError(Reason.BROKEN) from None
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "replace")
    reason = done.stderr.decode("ascii", "replace").strip() if done.returncode == _FAILED else ""
    if reason == Reason.TOO_MANY_PAGES:
        raise UnreadableError(Reason.TOO_MANY_PAGES, limit=MAX_PAGES)
    raise UnreadableError(Reason.LOCKED if reason == Reason.LOCKED else Reason.BROKEN)


def extract(content: bytes) -> str:
    """Extract the text in this process. Raises UnreadableError, or what pypdf raises."""
    from pypdf import PdfReader  # noqa: PLC0415 (only that process pays for it)

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError(Reason.LOCKED)
    if len(reader.pages) > MAX_PAGES:
        raise UnreadableError(Reason.TOO_MANY_PAGES, limit=MAX_PAGES)
    return "\n\n".join(page.extract_text() for page in reader.pages)


def _main() -> int:
    import resource  # noqa: PLC0415 (Unix only, and only here)

    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    try:
        text = extract(sys.stdin.buffer.read())
    except UnreadableError as error:
        os.write(2, error.reason.value.encode())
        return _FAILED
    except Exception:  # noqa: BLE001 (pypdf raises anything for a broken file)
        os.write(2, Reason.BROKEN.value.encode())
        return _FAILED
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(_main())

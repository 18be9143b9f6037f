"""Secrets that the installation makes for itself: files that only their owner can read."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

# The limits of Django's own deployment check security.W009.
MIN_LENGTH = 50
MIN_DISTINCT = 5


def read_or_create(path: Path, make: Callable[[], str]) -> str:
    """The text of ``path``; when there is none, ``make()`` written with mode 0600.

    Two processes that start at once agree: the second finds the file of the first.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()


def make_secret_key() -> str:
    """A key for Django's signatures: 86 characters of randomness."""
    return secrets.token_urlsafe(64)


def make_encryption_key() -> str:
    """A key for the encryption of connection keys at rest."""
    return Fernet.generate_key().decode("ascii")


def require_strong(secret_key: str) -> str:
    """``secret_key`` itself. Raises ImproperlyConfigured when it is short, plain or a default."""
    weak = (
        len(secret_key) < MIN_LENGTH
        or len(set(secret_key)) < MIN_DISTINCT
        or "insecure" in secret_key
        or "changeme" in secret_key.lower()
    )
    if weak:
        message = (
            "SECRET_KEY is weak or a default. Unset it, and Chatsite makes one in DATA_DIR, "
            "or set 50 or more random characters, for example from: openssl rand -base64 64"
        )
        raise ImproperlyConfigured(message)
    return secret_key


def require_fernet(keys: list[str]) -> list[str]:
    """``keys`` themselves. Raises ImproperlyConfigured when one of them is not a Fernet key."""
    for key in keys:
        try:
            Fernet(key)
        except ValueError as error:
            message = (
                "FIELD_ENCRYPTION_KEYS must be a comma-separated list of 32-byte url-safe base64 "
                "keys, newest first. Make one with: openssl rand -base64 32 | tr '+/' '-_'"
            )
            raise ImproperlyConfigured(message) from error
    return keys

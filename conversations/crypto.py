"""Encryption of secrets at rest: MultiFernet over FIELD_ENCRYPTION_KEYS, the newest key first."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UndecryptableError(Exception):
    """A stored secret was encrypted with a key that this installation no longer has."""


def encrypt(secret: str) -> str:
    """Encrypt ``secret`` to an ASCII token."""
    return _fernet().encrypt(secret.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """Decrypt ``token``. Raises UndecryptableError if no configured key fits."""
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise UndecryptableError from error


def rotate(token: str) -> str:
    """Encrypt the secret in ``token`` with the newest key. Raises UndecryptableError."""
    try:
        return _fernet().rotate(token.encode()).decode("ascii")
    except InvalidToken as error:
        raise UndecryptableError from error


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])

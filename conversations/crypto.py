"""Encryption of secrets at rest: MultiFernet over FIELD_ENCRYPTION_KEYS, the newest key first."""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UndecryptableError(Exception):
    """A stored secret was encrypted with a key that this installation no longer has."""


def encrypt(secret: str) -> str:
    """``secret`` as an ASCII token that only this installation's keys open."""
    return _fernet().encrypt(secret.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """The secret in ``token``. Raises UndecryptableError when no configured key opens it."""
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise UndecryptableError from error


def rotate(token: str) -> str:
    """The same secret under the newest key. Raises UndecryptableError as decrypt does."""
    try:
        return _fernet().rotate(token.encode()).decode("ascii")
    except InvalidToken as error:
        raise UndecryptableError from error


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])

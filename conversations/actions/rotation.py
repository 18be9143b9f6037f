"""Rotation of the encryption key of all stored secrets: connection keys and tool secrets."""

from __future__ import annotations

from dataclasses import dataclass

from conversations import crypto
from conversations.database import transactions
from conversations.models import Connection, HttpTool


@dataclass(frozen=True, slots=True)
class Rotation:
    """The number of secrets encrypted again, and the rows whose secret cannot be decrypted."""

    rotated: int
    unopened: tuple[Connection | HttpTool, ...]


def rotate_keys() -> Rotation:
    """Encrypt every stored secret under the newest of FIELD_ENCRYPTION_KEYS.

    A secret that was replaced meanwhile has the newest key already and stays unchanged.
    """
    unopened: list[Connection | HttpTool] = []
    rotated = 0
    for connection in Connection.objects.order_by("pk"):
        rotated += _rotate(connection, "encrypted_key", unopened)
    for tool in HttpTool.objects.exclude(encrypted_secrets="").order_by("pk"):
        rotated += _rotate(tool, "encrypted_secrets", unopened)
    return Rotation(rotated=rotated, unopened=tuple(unopened))


def _rotate(row: Connection | HttpTool, column: str, unopened: list[Connection | HttpTool]) -> int:
    stored = getattr(row, column)
    try:
        token = crypto.rotate(stored)
    except crypto.UndecryptableError:
        unopened.append(row)
        return 0
    same = type(row)._default_manager.filter(pk=row.pk, **{column: stored})  # noqa: SLF001 (Django's documented API)
    with transactions.write():
        return same.update(**{column: token})

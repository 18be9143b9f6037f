"""Connections: created, changed, ordered, deleted. A key goes in here and never comes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Max

from conversations.actions import audit
from conversations.database import transactions
from conversations.models import Connection, LanguageModel, User
from conversations.upstream.connection_input import jwt_expiry

# Users sign in at the first address; the API answers at the second, and many enter the first.
SIGN_IN_HOST = "agentpivot.ai"
API_BASE_URL = "https://api.agentpivot.ai"


class KeyRequiredError(Exception):
    """A stored key would be sent to another server than the one it was entered for."""


class ManagedConnectionError(Exception):
    """The connection follows the environment or the demo and cannot be changed here."""


@dataclass(frozen=True, slots=True)
class ConnectionFields:
    """The fields of a connection, cleaned by upstream/connection_input.py.

    An empty ``key`` keeps the stored one.
    """

    name: str
    base_url: str
    auth_style: str = Connection.AuthStyle.X_API_KEY
    key: str = field(default="", repr=False)
    is_plain: bool = False
    serves_all_models: bool = True
    served_models: Iterable[LanguageModel] = ()


def create(
    *, owner: User | None, fields: ConnectionFields, actor: User | None = None
) -> Connection:
    """Add a connection, the team's when ``owner`` is None. Raises KeyRequiredError."""
    if not fields.key:
        raise KeyRequiredError
    with transactions.write():
        connection = Connection(owner=owner, position=next_position())
        _apply(connection, fields)
        _record(audit.Kind.CONNECTION_CREATED, connection, actor, {"base_url": fields.base_url})
    return connection


def update(connection: Connection, *, fields: ConnectionFields, actor: User | None = None) -> None:
    """Change a connection. Raises KeyRequiredError, ManagedConnectionError."""
    _refuse_managed(connection)
    if needs_key_again(connection, fields.base_url) and not fields.key:
        raise KeyRequiredError
    with transactions.write():
        before = _told(connection)
        _apply(connection, fields)
        after = _told(connection) | ({"key": "replaced"} if fields.key else {})
        changes = {name: value for name, value in after.items() if before.get(name) != value}
        _record(audit.Kind.CONNECTION_CHANGED, connection, actor, changes)


def needs_key_again(connection: Connection, base_url: str) -> bool:
    """Whether ``base_url`` is another server, to which an editor must not move the key."""
    return _origin(connection.base_url) != _origin(base_url)


def delete(connection: Connection, *, actor: User | None = None) -> None:
    """Remove a connection with its key. Raises ManagedConnectionError."""
    _refuse_managed(connection)
    with transactions.write():
        _record(audit.Kind.CONNECTION_DELETED, connection, actor)
        connection.delete()


def move(connection: Connection, *, is_up: bool, actor: User | None = None) -> None:
    """Swap a team connection with its neighbour; at an end nothing happens."""
    with transactions.write():
        rows = list(Connection.objects.filter(owner=None).exclude(source=Connection.Source.DEMO))
        place = rows.index(connection)
        neighbour = place - 1 if is_up else place + 1
        if neighbour in range(len(rows)):
            rows[place], rows[neighbour] = rows[neighbour], rows[place]
        for position, row in enumerate(rows):
            row.position = position
        Connection.objects.bulk_update(rows, ["position"])
        changes = {"position": rows.index(connection)}
        _record(audit.Kind.CONNECTION_CHANGED, connection, actor, changes)


def leads_to_sign_in(connection: Connection) -> bool:
    """Whether the address is the provider's sign-in page and not its API."""
    return urlsplit(connection.base_url).hostname in {SIGN_IN_HOST, f"www.{SIGN_IN_HOST}"}


def switch_to_api_host(connection: Connection, *, actor: User | None = None) -> None:
    """Replace the sign-in address by the API's; both are the provider's, so the key is kept.

    Raises ManagedConnectionError; ValueError for any other address.
    """
    _refuse_managed(connection)
    if not leads_to_sign_in(connection):
        message = "Only the provider's sign-in address is switched."
        raise ValueError(message)
    connection.base_url = API_BASE_URL
    with transactions.write():
        connection.save(update_fields=["base_url"])
        changes = {"base_url": API_BASE_URL}
        _record(audit.Kind.CONNECTION_CHANGED, connection, actor, changes)


def set_own_default(user: User, connection: Connection | None) -> None:
    """Set the connection that a user's answers try first; None follows the order."""
    user.default_connection = connection
    with transactions.write():
        user.save(update_fields=["default_connection"])


def store_key(connection: Connection, key: str) -> None:
    """Set the encrypted key with its hint and expiry on the unsaved row."""
    connection.key = key
    connection.key_expires_at = jwt_expiry(key)


def next_position() -> int:
    """Return the position after all other connections."""
    last = Connection.objects.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _apply(connection: Connection, fields: ConnectionFields) -> None:
    if fields.key:
        store_key(connection, fields.key)
    if fields.base_url != connection.base_url:
        connection.refuses_stream_options = False
    connection.name, connection.base_url = fields.name, fields.base_url
    connection.auth_style, connection.is_plain = fields.auth_style, fields.is_plain
    connection.serves_all_models = fields.serves_all_models
    connection.save()
    connection.served_models.set([] if fields.serves_all_models else fields.served_models)


def _told(connection: Connection) -> dict[str, Any]:
    """Return the audit log's view of a connection, without its key."""
    names = ("name", "base_url", "auth_style", "is_plain", "serves_all_models")
    served = sorted(connection.served_models.values_list("name", flat=True))
    return {name: getattr(connection, name) for name in names} | {"served_models": served}


def _record(
    kind: audit.Kind,
    connection: Connection,
    actor: User | None,
    changes: dict[str, Any] | None = None,
) -> None:
    owner = connection.owner
    audit.record(kind, actor=actor or owner, person=owner, about=connection, changes=changes)


def _refuse_managed(connection: Connection) -> None:
    if connection.is_managed:
        raise ManagedConnectionError


def _origin(base_url: str) -> tuple[str, str]:
    url = urlsplit(base_url)
    return url.scheme, url.netloc

"""Connections managed outside the settings page: by the environment and the demo."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from conversations import crypto
from conversations.actions.connections import next_position, store_key
from conversations.database import transactions
from conversations.models import Connection
from conversations.upstream.connection_input import InputError, clean_key, normalise_base_url

DEMO_NAME = "Demo"


def sync_environment_connection() -> None:
    """Sync the team connection with UPSTREAM_* in the environment; without a key it is deleted.

    Raises ImproperlyConfigured, naming the variable.
    """
    if not settings.UPSTREAM_API_KEY:
        with transactions.write():
            Connection.objects.filter(source=Connection.Source.ENVIRONMENT).delete()
        return
    if settings.UPSTREAM_AUTH not in Connection.AuthStyle.values:
        message = "UPSTREAM_AUTH must be x-api-key or bearer."
        raise ImproperlyConfigured(message)
    base_url = _read("UPSTREAM_BASE_URL", normalise_base_url)
    _sync(
        Connection.Source.ENVIRONMENT,
        name=urlsplit(base_url).hostname or base_url,
        base_url=base_url,
        key=_read("UPSTREAM_API_KEY", clean_key),
        auth_style=settings.UPSTREAM_AUTH,
    )


def sync_demo_connection(base_url: str, key: str) -> None:
    """Set the demo connection to the demo upstream of this process."""
    _sync(
        Connection.Source.DEMO,
        name=DEMO_NAME,
        base_url=base_url,
        key=key,
        auth_style=Connection.AuthStyle.X_API_KEY,
    )


def _sync(
    source: Connection.Source, *, name: str, base_url: str, key: str, auth_style: str
) -> None:
    with transactions.write():
        connection = Connection.objects.filter(source=source).first()
        if connection is None:
            connection = Connection(source=source, position=next_position())
        if connection.base_url != base_url:
            connection.refuses_stream_options = False
        if _opened_key(connection) != key:
            store_key(connection, key)
        connection.name, connection.base_url = name, base_url
        connection.auth_style = auth_style
        connection.save()


def _opened_key(connection: Connection) -> str:
    try:
        return connection.key if connection.encrypted_key else ""
    except crypto.UndecryptableError:
        return ""


def _read(name: str, clean: Callable[[str], str]) -> str:
    try:
        return clean(getattr(settings, name))
    except InputError as error:
        message = f"{name} cannot be used ({error.code})."
        raise ImproperlyConfigured(message) from None

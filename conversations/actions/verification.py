"""Network checks of a connection, from a thread that may wait: its address, and a test request."""

from __future__ import annotations

from dataclasses import replace
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings

from conversations import crypto
from conversations.actions.connections import ConnectionFields
from conversations.database import transactions
from conversations.generation import loop
from conversations.models import Connection, User
from conversations.network.addresses import AddressRefused, resolve_public
from conversations.queries.connections import endpoint_for
from conversations.upstream import verification
from conversations.upstream.asking.client import Client
from conversations.upstream.endpoint import AuthStyle, Endpoint, Timers
from conversations.upstream.verification import Verification

# A user waits for it: a server that takes longer is as good as out of reach.
TIMERS = Timers(connect=10.0, plain=30.0)
RESOLVE_SECONDS = 10.0
# The two requests have their own limits; this one is for a loop that does not answer.
REQUEST_SECONDS = 90.0


class AddressError(Exception):
    """A user's own connection may not lead there.

    ``code``: bad_host, not_public, https_required, or not_found for a name without an address.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_address(base_url: str, *, owner: User | None) -> None:
    """Refuse an address that is not public https, but for UPSTREAM_ALLOWED_HOSTS.

    A connection of the team (``owner`` None) may lead anywhere. Each request is held to the same
    rule again, because the addresses of a name may change. Raises AddressError.
    """
    if owner is None:
        return
    allowed = frozenset(settings.UPSTREAM_ALLOWED_HOSTS)
    url = urlsplit(base_url)
    port = url.port or {"https": 443, "http": 80}[url.scheme]
    try:
        Endpoint(base_url=base_url, key="", allowed_hosts=allowed).check_scheme()
        resolving = resolve_public(url.hostname or "", port, allowed_hosts=allowed)
        loop.call(resolving, RESOLVE_SECONDS)
    except AddressRefused as error:
        raise AddressError(error.code) from None
    except OSError:  # a name that cannot be resolved, or not in time
        raise AddressError("not_found") from None


def verify(connection: Connection, model: str) -> Verification | None:
    """Send the test request to ``model`` (its name in the API) through a stored connection.

    If only the other header for the key works, that one is stored. Takes 30 s at most for each.
    Return None when the stored key cannot be decrypted any more.
    """
    try:
        endpoint = endpoint_for(connection)
    except crypto.UndecryptableError:
        return None
    # The header of a managed connection is the environment's, and only that one is used.
    found, result = _verify(endpoint, model, may_change=not connection.is_managed)
    if found.auth_style != connection.auth_style:
        _store_header(connection, found.auth_style)
    return result


def _store_header(connection: Connection, auth_style: str) -> None:
    """Store the header that works, unless the connection was changed during the test."""
    tested = Connection.objects.filter(
        pk=connection.pk,
        base_url=connection.base_url,
        encrypted_key=connection.encrypted_key,
        auth_style=connection.auth_style,
    )
    with transactions.write():
        tested.update(auth_style=auth_style)


def verify_fields(
    fields: ConnectionFields, *, owner: User | None, model: str
) -> tuple[ConnectionFields, Verification]:
    """Send the test request through a connection that is not stored yet.

    Return the fields with the header for the key that works, or as they were.
    """
    endpoint = Endpoint(
        base_url=fields.base_url,
        key=fields.key,
        auth_style=cast("AuthStyle", fields.auth_style),
        guard=owner is not None,
        allowed_hosts=frozenset(settings.UPSTREAM_ALLOWED_HOSTS),
    )
    found, result = _verify(endpoint, model)
    return replace(fields, auth_style=found.auth_style), result


def _verify(
    endpoint: Endpoint, model: str, *, may_change: bool = True
) -> tuple[Endpoint, Verification]:
    async def send() -> tuple[Endpoint, Verification]:
        # A client of its own: a test connects anew, as the first request of a user would.
        client = Client()
        try:
            if may_change:
                return await verification.find_header(client, endpoint, model, timers=TIMERS)
            return endpoint, await verification.verify(client, endpoint, model, timers=TIMERS)
        finally:
            await client.aclose()

    return loop.call(send(), REQUEST_SECONDS)

"""The connection test: asks the chosen model once, from a thread that may wait."""

from __future__ import annotations

import asyncio
from typing import cast

from django.conf import settings

from conversations import crypto
from conversations.actions.connections import ConnectionFields
from conversations.models import Connection, User
from conversations.queries.connections import endpoint_for
from conversations.upstream import verification
from conversations.upstream.asking.client import Client
from conversations.upstream.endpoint import AuthStyle, Endpoint, Timers
from conversations.upstream.verification import Verification

# A person waits for it: a server that takes longer is as good as out of reach.
TIMERS = Timers(connect=10.0, plain=30.0)


def verify(connection: Connection, model: str) -> Verification | None:
    """What ``model`` (its name in the API) answers through a stored connection, within 30 s.

    None when the stored key cannot be opened any more. Not inside an event loop.
    """
    try:
        return _ask(endpoint_for(connection), model)
    except crypto.UndecryptableError:
        return None


def verify_fields(fields: ConnectionFields, *, owner: User | None, model: str) -> Verification:
    """The same for a connection that is not stored yet."""
    endpoint = Endpoint(
        base_url=fields.base_url,
        key=fields.key,
        auth_style=cast("AuthStyle", fields.auth_style),
        guard=owner is not None,
        allowed_hosts=frozenset(settings.UPSTREAM_ALLOWED_HOSTS),
    )
    return _ask(endpoint, model)


def _ask(endpoint: Endpoint, model: str) -> Verification:
    async def ask() -> Verification:
        client = Client()
        try:
            return await verification.verify(client, endpoint, model, timers=TIMERS)
        finally:
            await client.aclose()

    return asyncio.run(ask())

"""The connection test: one request to a model, from a thread that may block."""

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

# A user waits for the result, so a slower server counts as unreachable.
TIMERS = Timers(connect=10.0, plain=30.0)


def verify(connection: Connection, model: str) -> Verification | None:
    """Test a stored connection with ``model``, an API name, within 30 s.

    Return None if the stored key cannot be decrypted. Not inside an event loop.
    """
    try:
        return _ask(endpoint_for(connection), model)
    except crypto.UndecryptableError:
        return None


def verify_fields(fields: ConnectionFields, *, owner: User | None, model: str) -> Verification:
    """Test a connection that is not stored yet."""
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

"""Connections by user: their own serve them alone, the team's serve everybody."""

from __future__ import annotations

import uuid
from typing import cast

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from conversations.database.compiled_queries import CompiledQuery
from conversations.models import Connection, LanguageModel, User
from conversations.upstream.endpoint import AuthStyle, Endpoint

_narrowed = Prefetch("served_models", LanguageModel.objects.only("id", "name", "display_name"))


def _of(user_id: uuid.UUID) -> QuerySet[Connection]:
    return Connection.objects.filter(Q(owner=user_id) | Q(owner=None))


_reachable = CompiledQuery[Connection](_of)


def visible_to(user: User) -> QuerySet[Connection]:
    """Return the connections a user can see, with the models they are limited to."""
    return _of(user.pk).prefetch_related(_narrowed)


def in_order_of_use(user: User) -> list[Connection]:
    """Return the connections a user may use, in the order in which they are tried.

    The default comes first, then the user's other own ones, then the team's in its order. The
    demo is included only while there is no other.
    """
    rows = _reachable(user.pk)
    if narrowed := [row for row in rows if not row.serves_all_models]:
        prefetch_related_objects(narrowed, _narrowed)
    real = [connection for connection in rows if not connection.is_demo]
    return sorted(
        real or rows,
        key=lambda row: (row.pk != user.default_connection_id, row.is_team, row.position, row.pk),
    )


def serves(connection: Connection, model: LanguageModel) -> bool:
    """Whether the connection serves the model."""
    if connection.serves_all_models:
        return True
    return any(served.pk == model.pk for served in connection.served_models.all())


def candidates_for(user: User, model: LanguageModel) -> list[Connection]:
    """Return the connections that serve this user with this model, in order of use.

    Empty for a model that is disabled or not for chat.
    """
    if not model.is_usable:
        return []
    return [connection for connection in in_order_of_use(user) if serves(connection, model)]


def choose_connection(
    user: User, model: LanguageModel, wanted: Connection | None = None
) -> Connection | None:
    """Return ``wanted`` if it serves the model, else the first connection that does."""
    candidates = candidates_for(user, model)
    return next((row for row in candidates if row == wanted), next(iter(candidates), None))


def choose_image_model(
    user: User, wanted: Connection | None = None
) -> tuple[LanguageModel, Connection] | None:
    """Return the newest image model on offer and the connection for it, or None."""
    capability = LanguageModel.Capability.IMAGE
    rows = LanguageModel.objects.filter(capability=capability, is_enabled=True)
    for model in rows.order_by("-position", "name"):
        if connection := choose_connection(user, model, wanted):
            return model, connection
    return None


def endpoint_for(connection: Connection) -> Endpoint:
    """Return the endpoint of a connection. Raises ``crypto.UndecryptableError``.

    A user's own connection must resolve to a public https address at each use and not only when it
    is saved, because a name may later resolve elsewhere.
    """
    return Endpoint(
        base_url=connection.base_url,
        key=connection.key,
        auth_style=cast("AuthStyle", connection.auth_style),
        guard=not connection.is_team,
        allowed_hosts=frozenset(settings.UPSTREAM_ALLOWED_HOSTS),
        stream_options=not connection.refuses_stream_options,
    )

"""Which connection serves whom: own ones their owner only, the team's everybody."""

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
    """The connections that exist for this person, with the names they are narrowed to."""
    return _of(user.pk).prefetch_related(_narrowed)


def in_order_of_use(user: User) -> list[Connection]:
    """Everything the person may use, first the one that is tried first.

    Their default, then their other own ones, then the team's in its order. The demo is there only
    while it is the only one.
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
    """Whether the connection's list, when it is narrowed, names the model."""
    if connection.serves_all_models:
        return True
    return any(served.pk == model.pk for served in connection.served_models.all())


def candidates_for(user: User, model: LanguageModel) -> list[Connection]:
    """The connections that serve this person with this model, in order of use.

    Empty for a model that is disabled or not for chat.
    """
    if not model.is_usable:
        return []
    return [connection for connection in in_order_of_use(user) if serves(connection, model)]


def choose_connection(
    user: User, model: LanguageModel, wanted: Connection | None = None
) -> Connection | None:
    """The connection an answer goes through: the wanted one where it can serve, else the first."""
    candidates = candidates_for(user, model)
    return next((row for row in candidates if row == wanted), next(iter(candidates), None))


def choose_image_model(
    user: User, wanted: Connection | None = None
) -> tuple[LanguageModel, Connection] | None:
    """The image model that a tool asks, the newest one offered, and through what; or None."""
    capability = LanguageModel.Capability.IMAGE
    rows = LanguageModel.objects.filter(capability=capability, is_enabled=True)
    for model in rows.order_by("-position", "name"):
        if connection := choose_connection(user, model, wanted):
            return model, connection
    return None


def endpoint_for(connection: Connection) -> Endpoint:
    """Where and with which key to ask. Raises crypto.UndecryptableError.

    A person's own connection is held to public https addresses at each use, not only when it is
    saved: what a name leads to may change.
    """
    return Endpoint(
        base_url=connection.base_url,
        key=connection.key,
        auth_style=cast("AuthStyle", connection.auth_style),
        guard=not connection.is_team,
        allowed_hosts=frozenset(settings.UPSTREAM_ALLOWED_HOSTS),
        stream_options=not connection.refuses_stream_options,
    )

"""The connections of Settings → Connections as one user sees them; never a key."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from conversations.models import Connection, LanguageModel, User
from conversations.queries.connections import serves, visible_to
from conversations.queries.model_lists import Series, default_for, in_series


@dataclass(frozen=True, slots=True)
class Card:
    """One connection. ``models`` can be tested with; ``first`` of them is offered first."""

    connection: Connection
    is_managed: bool
    is_default: bool
    is_expired: bool
    can_be_default: bool
    models: tuple[LanguageModel, ...]
    first: LanguageModel | None

    @property
    def series(self) -> tuple[Series, ...]:
        """The models that it can be tested with, by series."""
        return in_series(self.models)

    @property
    def served(self) -> list[LanguageModel]:
        """The models that the connection is limited to, if it is."""
        return list(self.connection.served_models.all())


@dataclass(frozen=True, slots=True)
class Cards:
    """The user's own connections, then the team's in their order."""

    own: tuple[Card, ...]
    team: tuple[Card, ...]


def cards_for(user: User) -> Cards:
    """Return the connections a user may use; ``is_managed`` marks those they may change."""
    models = list(LanguageModel.objects.all())
    rows = list(visible_to(user))
    real = [row for row in rows if not row.is_demo]
    cards = [_card(row, user, models) for row in real or rows]
    return Cards(
        own=tuple(card for card in cards if not card.connection.is_team),
        team=tuple(card for card in cards if card.connection.is_team),
    )


def models_to_test(
    connection: Connection, models: list[LanguageModel]
) -> tuple[LanguageModel, ...]:
    """Return the models a test can ask: usable, served by the connection, and answering in text."""
    return tuple(
        model
        for model in models
        if model.is_usable and not model.makes_images and serves(connection, model)
    )


def _card(connection: Connection, user: User, models: list[LanguageModel]) -> Card:
    expiry = connection.key_expires_at
    tested = models_to_test(connection, models)
    return Card(
        connection=connection,
        is_managed=user.is_administrator or not connection.is_team,
        is_default=connection.pk == user.default_connection_id,
        is_expired=expiry is not None and expiry <= timezone.now(),
        can_be_default=not connection.is_demo,
        models=tested,
        first=default_for(user, tested),
    )

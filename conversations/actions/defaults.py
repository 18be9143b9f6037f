"""Default parameters, a user's and the team's."""

from __future__ import annotations

from typing import Any

from conversations.actions import audit
from conversations.database import transactions
from conversations.models import LanguageModel, TeamSettings, User
from conversations.queries.parameters import team_settings


def change_own(user: User, values: dict[str, Any]) -> None:
    """Set a user's instructions and default parameters."""
    for name, value in values.items():
        setattr(user, name, value)
    with transactions.write():
        user.save(update_fields=values)


def change_team(values: dict[str, Any], *, actor: User) -> None:
    """Set the team's default parameters, and the model that writes titles."""
    with transactions.write():
        row = team_settings()
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        audit.record(
            audit.Kind.TEAM_CHANGED, actor=actor, about=str(row), changes=_changes(row, values)
        )


def _changes(row: TeamSettings, values: dict[str, Any]) -> dict[str, Any]:
    """Return the changes for JSON: a model by its name."""
    return {
        name: value.name if isinstance(value, LanguageModel) else value
        for name, value in ((name, getattr(row, name)) for name in values)
    }

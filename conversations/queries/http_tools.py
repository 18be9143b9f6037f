"""The HTTP tools that a user's conversations may call: their own, then the team's."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from conversations.models import HttpTool, User


def visible_tools(user: User | None) -> QuerySet[HttpTool]:
    """Return a user's own tools by name, then the team's, disabled ones too; None: the team's."""
    whose = Q(owner=None) if user is None else Q(owner=user) | Q(owner=None)
    return HttpTool.objects.filter(whose).order_by(F("owner").asc(nulls_last=True), "name", "id")


def usable_tools(user: User | None) -> list[HttpTool]:
    """Return the enabled tools, one for each name."""
    return by_name(visible_tools(user).filter(is_enabled=True))


def by_name(rows: Iterable[HttpTool]) -> list[HttpTool]:
    """Return the first row of each name; a user's own tool hides the team's."""
    found: dict[str, HttpTool] = {}
    for row in rows:
        found.setdefault(row.name, row)
    return list(found.values())

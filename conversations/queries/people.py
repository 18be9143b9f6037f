"""Reads about people."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from conversations.models import Conversation, User

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Seen(TypedDict):
    """The columns that ``team`` adds to each user."""

    last_seen: datetime | None


def has_people() -> bool:
    """Whether the installation has its first administrator."""
    return User.objects.exists()


def team() -> QuerySet[WithAnnotations[User, Seen]]:
    """Everybody by name, each with ``last_seen``: the last sign-in or the last conversation."""
    own = Conversation.objects.listed().filter(owner=OuterRef("pk")).order_by("-active_at")
    wrote = Subquery(own.values("active_at")[:1])
    # The greatest of something and NULL is NULL: each stands in for the other.
    last_seen = Greatest(Coalesce("last_login", wrote), Coalesce(wrote, "last_login"))
    return User.objects.annotate(last_seen=last_seen).order_by("name", "id")

"""Reads about people."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from conversations.models import Conversation, User

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class State(StrEnum):
    """Whether users can sign in."""

    ACTIVE = "active"
    INVITED = "invited"
    DISABLED = "disabled"


class Sorting(StrEnum):
    """The orders of the list beside the one by name."""

    SEEN = "seen"
    ADDED = "added"


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


def find(
    *, q: str = "", role: str = "", state: str = "", sort: str = ""
) -> QuerySet[WithAnnotations[User, Seen]]:
    """The part of ``team`` whose name or address contains ``q``, filtered and in order."""
    rows = team()
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(email__icontains=q))
    if role:
        rows = rows.filter(role=role)
    if state:
        invited = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        is_active = Q(is_active=True)
        wanted = {
            State.ACTIVE: is_active & ~invited,
            State.INVITED: is_active & invited,
            State.DISABLED: ~is_active,
        }
        rows = rows.filter(wanted[State(state)])
    if sort == Sorting.SEEN:
        return rows.order_by(F("last_seen").desc(nulls_last=True), "name", "id")
    return rows.order_by("-created", "name", "id") if sort == Sorting.ADDED else rows

"""One change of several users at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from django.contrib.auth.hashers import make_password

from conversations.actions import audit
from conversations.actions.people import lock_administrators
from conversations.actions.sessions import end_sessions
from conversations.database import transactions
from conversations.models import User


class BulkChange(StrEnum):
    """The changes that apply to several users."""

    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    DISABLE = "disable"
    ENABLE = "enable"
    LINK = "link"


def change_people(people: Iterable[User], change: BulkChange, *, actor: User) -> list[User]:
    """Change the users; return those that were changed, by name.

    The actor is left out, so that an administrator remains, and so are those that are already as
    wanted. Disabled users get no link. Raises NotAdministratorError.
    """
    wanted = [person.pk for person in people if person != actor]
    with transactions.write():
        lock_administrators(actor)
        rows = User.objects.select_for_update().filter(pk__in=wanted).order_by("name", "id")
        changed = [person for person in rows if _differs(person, change)]
        _write(changed, change)
        _record(changed, change, actor)
        if change in (BulkChange.DISABLE, BulkChange.LINK):
            end_sessions(*changed)
    return changed


def _differs(person: User, change: BulkChange) -> bool:
    if change is BulkChange.LINK:
        return person.is_active
    if change in (BulkChange.DISABLE, BulkChange.ENABLE):
        return person.is_active is (change is BulkChange.DISABLE)
    return person.role != change.value


def _write(people: Sequence[User], change: BulkChange) -> None:
    for person in people:
        if change is BulkChange.LINK:
            # Another random value for each, because links are signed with it.
            person.password = make_password(None)
        elif change in (BulkChange.DISABLE, BulkChange.ENABLE):
            person.is_active = change is BulkChange.ENABLE
        else:
            person.role = User.Role(change.value)
    User.objects.bulk_update(people, ["password", "is_active", "role"])


def _record(people: Sequence[User], change: BulkChange, actor: User) -> None:
    kinds = {
        BulkChange.DISABLE: audit.Kind.PERSON_DISABLED,
        BulkChange.ENABLE: audit.Kind.PERSON_ENABLED,
        BulkChange.LINK: audit.Kind.LINK_MADE,
    }
    kind = kinds.get(change, audit.Kind.ROLE_CHANGED)
    changes = {"role": change.value} if kind == audit.Kind.ROLE_CHANGED else {}
    audit.record_people(kind, people, actor=actor, changes=changes)

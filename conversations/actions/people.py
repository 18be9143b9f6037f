"""The users of the team: added, given a role, disabled, given links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.db.models.functions import Lower

from conversations.actions import audit
from conversations.actions.sessions import end_sessions
from conversations.database import transactions
from conversations.models import User
from conversations.refusals import Refusal


class LastAdministratorError(Refusal):
    """Nobody would be left who can manage the team: ``user`` is the last administrator."""

    code = "last_administrator"

    def __init__(self, user: User) -> None:
        super().__init__(user.email)
        self.user = user


class NotAdministratorError(PermissionDenied):
    """The actor is an administrator no longer. Django answers with the page for 403."""


class OwnAccountError(Refusal):
    """Administrators cannot create a link for themselves, which would sign them out."""

    code = "own_account"


class LinkUsedError(Exception):
    """The link was used or replaced, is too old, or its user is disabled."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A user to add; ``email`` is valid and in lower case."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Added:
    """The users that were added, and those that existed."""

    people: tuple[User, ...]
    known: tuple[User, ...]


def lock_administrators(actor: User, person: User | None = None) -> set[User]:
    """Lock the active administrators and ``person`` until the transaction ends; return the former.

    ``person`` is refreshed, because another request may have changed it.
    """
    wanted = Q(role=User.Role.ADMINISTRATOR, is_active=True) | Q(pk=person.pk if person else None)
    rows = User.objects.select_for_update().filter(wanted).order_by("pk")
    administrators = {user for user in rows if user.is_administrator and user.is_active}
    if actor not in administrators:
        raise NotAdministratorError
    if person is not None:
        person.refresh_from_db()
    return administrators


def add(*, actor: User, entries: Iterable[Entry]) -> Added:
    """Add members who cannot sign in until their link has set a password.

    Users that have one of the addresses already stay unchanged. Raises NotAdministratorError.
    """
    wanted = {entry.email: entry for entry in entries}
    with transactions.write():
        lock_administrators(actor)
        addresses = User.objects.annotate(address=Lower("email"))
        known = {user.email.lower(): user for user in addresses.filter(address__in=wanted)}
        people = [
            User(name=entry.name, email=entry.email, password=make_password(None))
            for entry in wanted.values()
            if entry.email not in known
        ]
        User.objects.bulk_create(people)
        audit.record_people(audit.Kind.PERSON_ADDED, people, actor=actor)
    return Added(people=tuple(people), known=tuple(known.values()))


def change_role(person: User, *, actor: User, role: str) -> None:
    """Set the role of a user.

    Raises LastAdministratorError, NotAdministratorError.
    """
    with transactions.write():
        administrators = lock_administrators(actor, person)
        if role != User.Role.ADMINISTRATOR:
            _keep_one(administrators, but=person)
        person.role = User.Role(role)
        person.save(update_fields=["role"])
        changes = {"role": person.role}
        audit.record(audit.Kind.ROLE_CHANGED, actor=actor, person=person, changes=changes)


def disable(person: User, *, actor: User) -> None:
    """Disable a user, and end their sessions.

    Raises LastAdministratorError, NotAdministratorError.
    """
    with transactions.write():
        _keep_one(lock_administrators(actor, person), but=person)
        person.is_active = False
        person.save(update_fields=["is_active"])
        audit.record(audit.Kind.PERSON_DISABLED, actor=actor, person=person)
        end_sessions(person)


def enable(person: User, *, actor: User) -> None:
    """Enable a user again, with the password they had. Raises NotAdministratorError."""
    with transactions.write():
        lock_administrators(actor, person)
        person.is_active = True
        person.save(update_fields=["is_active"])
        audit.record(audit.Kind.PERSON_ENABLED, actor=actor, person=person)


def start_link(person: User, *, actor: User) -> None:
    """Remove a user's password, which ends earlier links; a new link can set the next one.

    Links are signed with the stored password (Django's PasswordResetTokenGenerator), so any change
    of it ends them. Raises OwnAccountError, NotAdministratorError.
    """
    if person == actor:
        raise OwnAccountError
    with transactions.write():
        lock_administrators(actor, person)
        person.set_unusable_password()
        person.save(update_fields=["password"])
        audit.record(audit.Kind.LINK_MADE, actor=actor, person=person)
        end_sessions(person)


def link_token(person: User) -> str:
    """Return the token of a link, valid once and for settings.PASSWORD_RESET_TIMEOUT seconds."""
    return default_token_generator.make_token(person)


def set_password_by_link(person: User, *, token: str, password: str) -> None:
    """Store the password set through a link, once even in a race. Raises LinkUsedError."""
    encoded = make_password(password)  # takes its time: not inside the lock
    with transactions.write():
        current = User.objects.select_for_update().get(pk=person.pk)
        if not (current.is_active and default_token_generator.check_token(current, token)):
            raise LinkUsedError
        person.password = encoded
        person.save(update_fields=["password"])


def _keep_one(administrators: set[User], *, but: User) -> None:
    if not administrators - {but}:
        raise LastAdministratorError(but)

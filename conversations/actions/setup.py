"""The first administrator: by the set-up page with its one-time code, or from the environment."""

from __future__ import annotations

import hmac
import secrets
import uuid
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError

from conversations import secret_files
from conversations.actions import audit
from conversations.database import transactions
from conversations.models import User
from conversations.queries.people import has_people
from conversations.refusals import Refusal

# The first administrator has a fixed id, so that two at once collide in any database.
FIRST_ADMINISTRATOR_ID = uuid.UUID("00000000-0000-7000-8000-000000000001")
# The alphabet lacks 0, 1, I and O, which are easily misread: 32 characters, 5 bits each.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 12


class AlreadySetUpError(Refusal):
    """An administrator exists already."""

    code = "already_set_up"


def prepare_setup() -> str | None:
    """Return the one-time code of the set-up page, to be printed; None once a user exists.

    The code survives a restart before the set-up.
    """
    if has_people():
        _code_path().unlink(missing_ok=True)
        return None
    return secret_files.read_or_create(_code_path(), _make_code)


def is_right_code(typed: str) -> bool:
    """Whether this is the installation's code, ignoring case, spaces and dashes."""
    try:
        code = _code_path().read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return hmac.compare_digest(_plain(typed).encode(), _plain(code).encode())


def create_first_administrator(*, email: str, name: str, password: str) -> User:
    """Create the first administrator. Raises AlreadySetUpError for all but one."""
    user = User(
        id=FIRST_ADMINISTRATOR_ID, email=email.lower(), name=name, role=User.Role.ADMINISTRATOR
    )
    user.set_password(password)  # takes its time: not inside the lock
    try:
        with transactions.write():
            if has_people():
                raise AlreadySetUpError
            user.save(force_insert=True)
            audit.record(audit.Kind.PERSON_ADDED, actor=None, person=user)
    except IntegrityError as error:
        raise AlreadySetUpError from error
    _code_path().unlink(missing_ok=True)
    return user


def apply_environment() -> None:
    """Create the administrator of CHATSITE_ADMIN_EMAIL and _PASSWORD if there is no user yet.

    Raises ImproperlyConfigured, naming the variable and what to do.
    """
    email, password = settings.CHATSITE_ADMIN_EMAIL.strip(), settings.CHATSITE_ADMIN_PASSWORD
    if not (email or password) or has_people():
        return
    name = email.partition("@")[0]
    _check("CHATSITE_ADMIN_EMAIL", lambda: validate_email(email))
    candidate = User(email=email, name=name)
    _check("CHATSITE_ADMIN_PASSWORD", lambda: validate_password(password, candidate))
    try:
        create_first_administrator(email=email, name=name, password=password)
    except AlreadySetUpError:
        return  # another process that starts now was first


def _check(variable: str, validate: Callable[[], None]) -> None:
    try:
        validate()
    except ValidationError as error:
        message = (
            f"{variable} cannot be used for the first administrator: {' '.join(error.messages)} "
            "Correct it, or unset CHATSITE_ADMIN_EMAIL and CHATSITE_ADMIN_PASSWORD and use the "
            "set-up page."
        )
        raise ImproperlyConfigured(message) from error


def _code_path() -> Path:
    return Path(settings.DATA_DIR) / "setup-code"


def _make_code() -> str:
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").upper()

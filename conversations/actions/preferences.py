"""A user's own preferences: name, language, time zone, appearance and behaviour of pages."""

from __future__ import annotations

import functools
import zoneinfo

from django.conf import settings

from conversations.database import transactions
from conversations.models import User

SWITCHES = ("sends_with_enter", "uses_shortcuts", "reads_sentences", "shows_usage")


@functools.cache
def time_zones() -> frozenset[str]:
    """Return all IANA names that this server knows, cached because they are read from disk."""
    return frozenset(zoneinfo.available_timezones())


def change_name(user: User, name: str) -> None:
    """Set the user's name."""
    user.name = name
    _save(user, "name")


def change_language(user: User, code: str) -> None:
    """Set the language of the pages; empty follows the browser. Raises ValueError."""
    if code and code not in dict(settings.LANGUAGES):
        message = f"{code!r} is not a code of settings.LANGUAGES."
        raise ValueError(message)
    user.language = code
    _save(user, "language")


def change_theme(user: User, theme: str) -> None:
    """Set light or dark pages; empty follows the device. Raises ValueError."""
    user.theme = User.Theme(theme)
    _save(user, "theme")


def change_switches(user: User, **switches: bool) -> None:
    """Turn switches of SWITCHES on or off. Raises ValueError."""
    for name, is_on in switches.items():
        if name not in SWITCHES:
            message = f"{name!r} is not one of SWITCHES."
            raise ValueError(message)
        setattr(user, name, is_on)
    _save(user, *switches)


def change_time_zone(user: User, name: str) -> None:
    """Set the time zone, an IANA name. Raises ValueError."""
    if name not in time_zones():
        message = f"{name!r} is not a time zone this server knows."
        raise ValueError(message)
    user.time_zone = name
    _save(user, "time_zone")


def _save(user: User, *columns: str) -> None:
    with transactions.write():
        user.save(update_fields=columns)

"""Fails when a string that people see has no finished Chinese translation."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings

LOCALE = "zh_Hans"


class Command(BaseCommand):
    """``manage.py check_translations`` (needs gettext's xgettext)."""

    help = "Fail on a missing, fuzzy or stale translation."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare the file as it is with what the sources hold now. Changes nothing."""
        path = Path(settings.BASE_DIR) / "locale" / LOCALE / "LC_MESSAGES" / "django.po"
        committed = _read(path)
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / LOCALE / "LC_MESSAGES" / path.name
            copy.parent.mkdir(parents=True)
            shutil.copy(path, copy)
            with override_settings(LOCALE_PATHS=[folder]):
                call_command(
                    "makemessages",
                    locale=[LOCALE],
                    no_obsolete=True,
                    no_location=True,
                    verbosity=0,
                    ignore_patterns=[".venv", "build", "data"],
                )
            problems = list(_problems(committed, _read(copy)))
        if problems:
            raise CommandError(
                "\n".join([f"{path.name} is not complete (run: make messages):", *problems])
            )


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _problems(committed: Catalog, gathered: Catalog) -> Iterator[str]:
    for message in gathered:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and (message.fuzzy or not all(strings)):
            yield f"  {'fuzzy' if message.fuzzy else 'missing'}: {message.id!r}"
    for message in committed:
        if message.id and gathered.get(message.id, message.context) is None:
            yield f"  no longer used: {message.id!r}"

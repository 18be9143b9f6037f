"""Check that every visible string has a finished Chinese translation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from conversations.management import untranslated

LOCALE = "zh_Hans"


class Command(BaseCommand):
    """``manage.py check_translations`` (needs gettext's xgettext)."""

    help = "Fail on a missing, fuzzy or stale translation, and on words outside gettext."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare the translations with the strings in the sources. Changes no file."""
        root = Path(settings.BASE_DIR)
        path = root / "locale" / LOCALE / "LC_MESSAGES" / "django.po"
        problems = [*_problems(_read(path), _gathered(path)), *_untranslated(root)]
        if problems:
            raise CommandError(
                "\n".join([f"{path.name} is not complete (run: make messages):", *problems])
            )


def _gathered(path: Path) -> Catalog:
    """Return the catalog that gettext would write. It writes in place, so the file is restored."""
    before = path.read_bytes()
    try:
        call_command(
            "makemessages",
            locale=[LOCALE],
            no_obsolete=True,
            no_location=True,
            verbosity=0,
            ignore_patterns=[".venv", "build", "data"],
        )
        return _read(path)
    finally:
        path.write_bytes(before)


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


def _untranslated(root: Path) -> Iterator[str]:
    for folder, suffix, words_in in (
        ("templates", ".html", untranslated.in_template),
        ("static/js", ".js", untranslated.in_script),
    ):
        for path in sorted((root / folder).rglob(f"*{suffix}")):
            for words in words_in(path.read_text(encoding="utf-8")):
                yield f"  outside gettext: {words!r} in {path.relative_to(root)}"

"""Compile `locale/*/LC_MESSAGES/*.po` with Babel, so that running needs no gettext."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """``manage.py compile_translations``."""

    help = "Compile the translations (without gettext)."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the .mo file of each .po file beside it."""
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                with source.open("rb") as file:
                    catalog = read_po(file)
                with source.with_suffix(".mo").open("wb") as file:
                    write_mo(file, catalog)

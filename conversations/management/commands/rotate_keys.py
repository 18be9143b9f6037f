"""Encrypt all stored keys and secrets with the newest of FIELD_ENCRYPTION_KEYS."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import ngettext

from conversations.actions import rotation


class Command(BaseCommand):
    """``manage.py rotate_keys``: afterwards older keys can be removed from the setting."""

    help = (
        "Encrypts all stored API keys, and secrets of tools, under the first (newest) of "
        "FIELD_ENCRYPTION_KEYS."
    )

    def handle(self, *args: object, **options: object) -> None:
        result = rotation.rotate_keys()
        sentence = ngettext(
            "%d key or secret is encrypted under the newest encryption key.",
            "%d keys and secrets are encrypted under the newest encryption key.",
            result.rotated,
        )
        self.stdout.write(sentence % result.rotated)
        if result.unopened:
            names = "".join(f"\n  {row.name} ({row.pk})" for row in result.unopened)
            message = (
                "These keys cannot be opened: add the encryption key they were stored under to "
                f"FIELD_ENCRYPTION_KEYS, or enter them again:{names}"
            )
            raise CommandError(message, returncode=1)

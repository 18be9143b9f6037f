"""Rebuild the search index from the stored titles and messages."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils.translation import ngettext

from conversations.actions import search


class Command(BaseCommand):
    """``manage.py rebuild_search_index``, which is safe while the site is in use."""

    help = "Makes the search index anew from the stored titles and messages."

    def handle(self, *args: object, **options: object) -> None:
        count = search.rebuild()
        sentence = ngettext("%d entry is indexed.", "%d entries are indexed.", count)
        self.stdout.write(sentence % count)

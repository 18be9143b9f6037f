"""Everybody's conversations in Django's admin: a list of titles; opening one is recorded."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import smart_split, unescape_string_literal

from conversations.admin.reading import ReadingAdmin
from conversations.models import Conversation
from conversations.queries import review


@admin.register(Conversation)
class ConversationAdmin(ReadingAdmin):
    """What was asked and by whom. The page of one is views/chat/transcripts.py."""

    list_display = ("title", "owner", "model", "active_at", "created", "deleted_at")
    # Only people and models that have any: there are 66 models on the day of the set-up.
    list_filter = (
        ("owner", admin.RelatedOnlyFieldListFilter),
        ("model", admin.RelatedOnlyFieldListFilter),
        "active_at",
        "created",
    )
    list_select_related = ("owner", "model")
    # Shows the field; what it looks through is get_search_results.
    search_fields = ("title",)
    # Ids are in the order of time, and have an index.
    ordering = ("-id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Conversation], search_term: str
    ) -> tuple[QuerySet[Conversation], bool]:
        """By title, person and what was said; a phrase in quotes is one word."""
        del request
        words = [_unquoted(bit) for bit in smart_split(search_term)]
        return review.search(queryset, words), False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """To the transcript: an id in another spelling must not pass by the audit log."""
        del form_url, extra_context
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        return redirect("transcript", row.pk)


def _unquoted(word: str) -> str:
    is_phrase = len(word) > 1 and word[0] in "\"'" and word[0] == word[-1]
    return unescape_string_literal(word) if is_phrase else word

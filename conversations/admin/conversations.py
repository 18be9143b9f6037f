"""Conversations of all users in Django's admin: a list of titles. Opening one is recorded."""

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
    """The list of conversations; `views/chat/transcripts.py` shows a single one."""

    list_display = ("title", "owner", "model", "active_at", "created", "deleted_at")
    # Filters offer only users and models with conversations, because 66 models exist at once.
    list_filter = (
        ("owner", admin.RelatedOnlyFieldListFilter),
        ("model", admin.RelatedOnlyFieldListFilter),
        "active_at",
        "created",
    )
    list_select_related = ("owner", "model")
    # Makes the search field appear; get_search_results does the search.
    search_fields = ("title",)
    # Ids sort by time and have an index.
    ordering = ("-id",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Conversation], search_term: str
    ) -> tuple[QuerySet[Conversation], bool]:
        """Search titles, users and messages; a quoted phrase is one word."""
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
        """Redirect to the transcript, so that no spelling of the id bypasses the audit log."""
        del form_url, extra_context
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        return redirect("transcript", row.pk)


def _unquoted(word: str) -> str:
    is_phrase = len(word) > 1 and word[0] in "\"'" and word[0] == word[-1]
    return unescape_string_literal(word) if is_phrase else word

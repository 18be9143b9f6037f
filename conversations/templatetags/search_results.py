"""Search results: marked matches, dates and links."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conversations.queries.search import Hit, Passage
from conversations.search.snippets import SnippetPart

register = template.Library()


@register.simple_tag
def marked(parts: Iterable[SnippetPart]) -> SafeString:
    """Return the escaped parts as HTML, with the matches in mark elements."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", t) if is_match else t,) for t, is_match in parts)
    )


@register.simple_tag
def passage_url(passage: Passage, text: str) -> str:
    """Return the address of the message in its conversation, with the words to mark in it."""
    page = reverse("conversation", args=[passage.message.conversation_id])
    return f"{page}?{urlencode({'message': str(passage.message.pk), 'q': text})}"


@register.simple_tag
def hit_url(hit: Hit, text: str) -> str:
    """Return the address of the best message, or of the conversation if only its title matched."""
    if hit.passages:
        return passage_url(hit.passages[0], text)
    return reverse("conversation", args=[hit.conversation.pk])


@register.filter
def when(moment: datetime.datetime) -> str:
    """Format the day in the shortest unambiguous form."""
    day, today = timezone.localdate(moment), timezone.localdate()
    if day >= today:
        return _("Today")
    if day == today - datetime.timedelta(days=1):
        return _("Yesterday")
    is_this_year = day.year == today.year
    return formats.date_format(day, "MONTH_DAY_FORMAT" if is_this_year else "DATE_FORMAT")

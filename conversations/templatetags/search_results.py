"""What was found, as pages show it: marked, dated, and with the way to it."""

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
    """The parts in a line: escaped first, marked second."""
    return format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", t) if is_match else t,) for t, is_match in parts)
    )


@register.simple_tag
def passage_url(passage: Passage, text: str) -> str:
    """The page that shows the message where it stands, with the words to mark in it."""
    page = reverse("conversation", args=[passage.message.conversation_id])
    return f"{page}?{urlencode({'message': str(passage.message.pk), 'q': text})}"


@register.simple_tag
def hit_url(hit: Hit, text: str) -> str:
    """The way to its best message; to its end if only the title was found."""
    if hit.passages:
        return passage_url(hit.passages[0], text)
    return reverse("conversation", args=[hit.conversation.pk])


@register.filter
def when(moment: datetime.datetime) -> str:
    """The day, as short as it can be said."""
    day, today = timezone.localdate(moment), timezone.localdate()
    if day >= today:
        return _("Today")
    if day == today - datetime.timedelta(days=1):
        return _("Yesterday")
    is_this_year = day.year == today.year
    return formats.date_format(day, "MONTH_DAY_FORMAT" if is_this_year else "DATE_FORMAT")

"""A cache of rendered articles of a thread and rows of the sidebar.

Rendering what has not changed took nine tenths of a page's time. The key of an entry is a digest
of all that its template reads, so that nothing has to be invalidated.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django import template
from django.core.cache import caches
from django.template.context import Context
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

# Longer HTML is rare, and rendering it costs less than the reader's download.
LONGEST_KEPT = 64 * 1024


@register.simple_tag(takes_context=True)
def article(context: Context, message: Any) -> SafeString:
    """Return the HTML of a message (`templates/conversations/_message.html`).

    Transcripts and the message that a search found show more, and are not cached.
    """
    is_found = message.id == getattr(context.get("found"), "pk", None)
    key = "" if context.get("read_only") or is_found else message.fingerprint
    return _kept(key, context, "conversations/_message.html", message=message)


@register.simple_tag(takes_context=True)
def sidebar_row(context: Context, row: Any) -> SafeString:
    """Return the HTML of a conversation in the sidebar."""
    talk = row.conversation
    shows = (
        get_language(),
        timezone.get_current_timezone_name(),
        (talk.id, talk.title, talk.active_at, talk.pinned_at, talk.folder_id),
        (row.is_answering, row.is_waiting, row.is_unread),
        talk.id == getattr(context.get("conversation"), "id", None),
    )
    key = hashlib.blake2b(repr(shows).encode(errors="surrogatepass")).hexdigest()
    return _kept(key, context, "conversations/_sidebar_row.html", row=row)


def _kept(key: str, context: Context, name: str, **shown: object) -> SafeString:
    """Render a template, or return the HTML cached under ``key``; an empty key disables it."""
    html = caches["drawn"].get(key) if key else None
    if html is None:
        html = _draw(context, name, shown)
        if key and len(html) <= LONGEST_KEPT:
            caches["drawn"].set(key, html)
    return mark_safe(html)  # noqa: S308 (a template made it)


def _draw(context: Context, name: str, shown: dict[str, object]) -> str:
    assert context.template  # noqa: S101 (it is being rendered)
    drawing = context.template.engine.get_template(name)
    with context.push(**shown):
        return str(drawing.render(context))

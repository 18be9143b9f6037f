"""The articles of a thread and the rows of the sidebar, each drawn once while it shows the same.

Nine tenths of a page's time was drawing what nobody had changed. The key of each is a digest of all
that its template reads, so nothing is ever thrown away by hand.
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

# What is longer is rare, and costs the reader more than the drawing costs us.
LONGEST_KEPT = 64 * 1024


@register.simple_tag(takes_context=True)
def article(context: Context, message: Any) -> SafeString:
    """The HTML of one message (templates/conversations/_message.html).

    A transcript and the message that a search found show more, and are drawn each time.
    """
    is_found = message.id == getattr(context.get("found"), "pk", None)
    key = "" if context.get("read_only") or is_found else message.fingerprint
    return _kept(key, context, "conversations/_message.html", message=message)


@register.simple_tag(takes_context=True)
def sidebar_row(context: Context, row: Any) -> SafeString:
    """The HTML of a conversation in the sidebar (templates/conversations/_sidebar_row.html)."""
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
    """What the template draws of ``shown``: as it was kept under ``key``, if there is one."""
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

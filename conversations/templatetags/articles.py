"""The articles of a thread, each drawn once for as long as it shows the same."""

from __future__ import annotations

from typing import Any

from django import template
from django.core.cache import caches
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# What is longer is rare, and costs the reader more than the drawing costs us.
LONGEST_KEPT = 64 * 1024


@register.simple_tag(takes_context=True)
def article(context: Context, message: Any) -> SafeString:
    """The HTML of one message (templates/conversations/_message.html).

    Kept by its ``fingerprint``, because a page of fifty messages was 90 % drawing what nobody had
    changed. A transcript and the message that a search found show more, and are drawn each time.
    """
    is_found = message.id == getattr(context.get("found"), "pk", None)
    key = "" if context.get("read_only") or is_found else message.fingerprint
    html = caches["articles"].get(key) if key else None
    if html is None:
        html = _draw(context, message)
        if key and len(html) <= LONGEST_KEPT:
            caches["articles"].set(key, html)
    return mark_safe(html)  # noqa: S308 (a template made it)


def _draw(context: Context, message: Any) -> str:
    assert context.template  # noqa: S101 (it is being rendered)
    drawing = context.template.engine.get_template("conversations/_message.html")
    with context.push(message=message):
        return str(drawing.render(context))

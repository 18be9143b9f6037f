"""Lists of a user's folders, formatted in Python: a template loop is slow for hundreds."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from conversations.models import Folder
from conversations.queries.folders import Choice

register = template.Library()

_SELECTED = mark_safe(" selected")
_INNER = mark_safe(' class="folder-list__inner"')


@register.simple_tag
def folder_options(choices: Iterable[Choice], selected: Folder | None) -> SafeString:
    """Return the options of a select element."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}{}</option>',
        (
            (
                choice.folder.pk,
                _SELECTED if choice.folder == selected else "",
                "— " if choice.depth else "",
                choice.folder.name,
            )
            for choice in choices
        ),
    )


@register.simple_tag
def folder_links(choices: Iterable[Choice], icon: SafeString) -> SafeString:
    """Return the items of a list of links to the folders."""
    return format_html_join(
        "",
        '<li{}><a href="{}">{}<bdi>{}</bdi></a></li>',
        (
            (
                _INNER if choice.depth else "",
                reverse("folder", args=[choice.folder.pk]),
                icon,
                choice.folder.name,
            )
            for choice in choices
        ),
    )

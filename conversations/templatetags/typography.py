"""Filters for typesetting: the language of a text, initials, short numbers."""

from __future__ import annotations

import re
from decimal import Decimal

from django import template
from django.utils import formats
from django.utils.translation import get_language

register = template.Library()

_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
_KANA = re.compile(r"[぀-ヿ]")
_HANGUL = re.compile(r"[가-힯]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_SAMPLE = 2000


@register.filter
def language_of(text: str) -> str:
    """Return a language tag for ``text`` by its script, or "" if the page's language fits.

    Chinese and Latin text have different fonts and spacing, whatever the interface's language is.
    """
    sample = text[:_SAMPLE]
    if _HANGUL.search(sample):
        return "ko"
    if _KANA.search(sample):
        return "ja"
    han, words = len(_HAN.findall(sample)), len(_LATIN_WORD.findall(sample))
    if han > words:
        return "zh-CN"
    return "en" if words and (get_language() or "").startswith("zh") else ""


@register.filter
def initial(name: str) -> str:
    """Return the first character of a name, for an avatar."""
    return str(name).strip()[:1].upper() or "·"


@register.filter
def seconds(value: float | None) -> str:
    """Format seconds, with one decimal below 100."""
    if value is None:
        return ""
    return formats.localize(round(value, 1) if value < 100 else round(value))


@register.filter
def rate(value: Decimal) -> str:
    """Format a price without trailing zeros."""
    return formats.number_format(value.normalize(), use_l10n=True)

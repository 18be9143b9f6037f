"""What text needs to be set well: its language, initials, short numbers."""

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
    """A language tag for ``text``, as far as its script tells; "" where the page's own will do.

    Chinese and Latin text are set differently, by what the text is and not by the interface.
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
    """The letter or character in a person's circle."""
    return str(name).strip()[:1].upper() or "·"


@register.filter
def seconds(value: float | None) -> str:
    """Seconds with one decimal below 100."""
    if value is None:
        return ""
    return formats.localize(round(value, 1) if value < 100 else round(value))


@register.filter
def rate(value: Decimal) -> str:
    """A price with the digits that say something."""
    return formats.number_format(value.normalize(), use_l10n=True)

"""Numbers and money in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from babel import Locale
from babel.numbers import format_compact_decimal, format_currency, format_decimal
from django.utils.translation import get_language, to_locale

# Digits after the point, the fewer the dearer; next to nothing is told to its last digit.
_PATTERNS = (
    (Decimal(1), "0.00"),
    (Decimal("0.01"), "0.00##"),
    (Decimal("0.0001"), "0.00####"),
    (Decimal(0), "0.00##########"),
)


def locale() -> Locale:
    """Babel's for the language that is active."""
    return Locale.parse(to_locale(get_language() or "en"))


def whole(number: int) -> str:
    """All digits, in groups."""
    return str(format_decimal(number, locale=locale()))


def compact(number: int) -> str:
    """In short: 1.2M."""
    return str(format_compact_decimal(number, locale=locale(), fraction_digits=1))


def money(cost: Decimal, currency: str) -> str:
    """An amount of one currency."""
    digits = next((form for least, form in _PATTERNS if cost >= least), "0.00")
    pattern = f"¤#,##{digits}" if cost else "¤0"
    return str(
        format_currency(cost, currency, format=pattern, locale=locale(), currency_digits=False)
    )


def costs(amounts: Mapping[str, Decimal]) -> list[str]:
    """Each currency for itself: they are not added up."""
    return [money(amounts[currency], currency) for currency in sorted(amounts)]

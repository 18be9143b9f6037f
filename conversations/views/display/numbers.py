"""Numbers and amounts of money in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from babel import Locale
from babel.numbers import format_compact_decimal, format_currency, format_decimal
from django.utils.translation import get_language, to_locale

# Small amounts get more decimals, so that none is rounded to zero.
_PATTERNS = (
    (Decimal(1), "0.00"),
    (Decimal("0.01"), "0.00##"),
    (Decimal("0.0001"), "0.00####"),
    (Decimal(0), "0.00##########"),
)


def locale() -> Locale:
    """Return Babel's locale of the active language."""
    return Locale.parse(to_locale(get_language() or "en"))


def whole(number: int) -> str:
    """Format with all digits, in groups."""
    return str(format_decimal(number, locale=locale()))


def compact(number: int) -> str:
    """Format in short, such as 1.2M."""
    return str(format_compact_decimal(number, locale=locale(), fraction_digits=1))


def money(cost: Decimal, currency: str) -> str:
    """Format an amount of one currency."""
    digits = next((form for least, form in _PATTERNS if cost >= least), "0.00")
    pattern = f"¤#,##{digits}" if cost else "¤0"
    return str(
        format_currency(cost, currency, format=pattern, locale=locale(), currency_digits=False)
    )


def costs(amounts: Mapping[str, Decimal]) -> list[str]:
    """Format amounts by currency; currencies are not added up."""
    return [money(amounts[currency], currency) for currency in sorted(amounts)]

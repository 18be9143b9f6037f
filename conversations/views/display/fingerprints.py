"""Cache keys for rendered articles (templatetags/cached_html.py)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db.models import Model


def fingerprint(values: object, rows: Iterable[Model]) -> str:
    """Return a digest of ``values``, by their repr, and of all columns of ``rows`` as loaded."""
    content = repr((values, [_columns(row) for row in rows]))
    return hashlib.blake2b(content.encode(errors="surrogatepass")).hexdigest()


def _columns(row: Model) -> list[object]:
    return [vars(row).get(field.attname) for field in row._meta.concrete_fields]  # noqa: SLF001 (documented)

"""The table of Settings → Models: rows by series, filtered, with the price in force of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils import timezone

from conversations.models import LanguageModel, Price
from conversations.queries.model_lists import in_series, series_label

# The key of the models without a series, in an address.
ADDED = "added"


@dataclass(frozen=True, slots=True)
class Row:
    """A model with the price in force; None if there is none."""

    model: LanguageModel
    price: Price | None

    @property
    def is_offered_tools(self) -> bool:
        """Whether requests to it carry tools."""
        return self.model.can_chat and self.model.can_call_tools


FLAGS: Mapping[str, Callable[[Row], bool]] = {
    "enabled": lambda row: row.model.is_enabled,
    "sees": lambda row: row.model.sees_images is True,
    "tools": lambda row: row.is_offered_tools,
    "unpriced": lambda row: row.price is None,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of the table, which add up: words of names, a series, and keys of ``FLAGS``."""

    text: str = ""
    series: str = ""
    flags: frozenset[str] = field(default_factory=frozenset)

    def query(self, *, series: str | None = None) -> str:
        """Return the filters as the query of an address, with another series if one is given."""
        series = self.series if series is None else series
        pairs = [("q", self.text), ("series", series)]
        pairs += [(flag, "on" if flag in self.flags else "") for flag in FLAGS]
        return urlencode([(name, value) for name, value in pairs if value])

    def match(self, row: Row, *, but: str = "") -> bool:
        """Whether a row is left, by all filters ``but`` one."""
        flags = (FLAGS[flag](row) for flag in self.flags if flag != but)
        return self._has_words(row.model) and (but == "series" or self._is_in(row)) and all(flags)

    def _has_words(self, model: LanguageModel) -> bool:
        words = f"{model.name} {model.label} {model.series}".casefold()
        return all(word in words for word in self.text.casefold().split())

    def _is_in(self, row: Row) -> bool:
        return not self.series or self.series == (row.model.series or ADDED)


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of a series that the filters leave."""

    label: str
    rows: tuple[Row, ...]

    @property
    def enabled(self) -> int:
        """The number of enabled models."""
        return sum(row.model.is_enabled for row in self.rows)


@dataclass(frozen=True, slots=True)
class Table:
    """All rows, and the filters that decide which of them the page shows."""

    filters: Filters
    rows: tuple[Row, ...]

    @property
    def groups(self) -> list[Group]:
        """The rows that the filters leave, by series, newest first."""
        left = {row.model.pk: row for row in self.rows if self.filters.match(row)}
        series = in_series(row.model for row in left.values())
        return [Group(one.label, tuple(left[model.pk] for model in one.models)) for one in series]

    @property
    def matching(self) -> list[LanguageModel]:
        """The models that the filters leave."""
        return [row.model for row in self.rows if self.filters.match(row)]

    @property
    def enabled(self) -> int:
        """The number of enabled models, whatever the filters."""
        return sum(row.model.is_enabled for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows that each flag leaves, together with the other filters."""
        return {flag: self._count(flag) for flag in FLAGS}

    def _count(self, flag: str) -> int:
        return sum(FLAGS[flag](row) and self.filters.match(row, but=flag) for row in self.rows)

    @property
    def series(self) -> list[tuple[str, str, str]]:
        """The key, label and query of each series, newest first."""
        keys = [one.key for one in in_series(row.model for row in self.rows)]
        return [
            (key or ADDED, series_label(key), self.filters.query(series=key or ADDED))
            for key in keys
        ]

    @property
    def query_of_all(self) -> str:
        """The query that leaves the series open."""
        return self.filters.query(series="")


def table_of(filters: Filters) -> Table:
    """Return the table. Two queries, however many models there are."""
    models = list(LanguageModel.objects.all())
    prices = _in_force()
    return Table(filters, tuple(Row(model, prices.get(model.pk)) for model in models))


def _in_force() -> dict[object, Price]:
    rows: Iterable[Price] = Price.objects.filter(
        model__isnull=False, effective_from__lte=timezone.now()
    ).order_by("effective_from", "id")
    return {price.model_id: price for price in rows}

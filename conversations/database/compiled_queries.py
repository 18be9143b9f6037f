"""Queries that are compiled once, for the reads that each message and page makes.

Django compiles a queryset, and the way its rows are read, anew each time: a millisecond for a row
that SQLite finds in a twentieth of that (docs/decisions/0009-the-price-of-a-message.md).
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Generic, TypeGuard, TypeVar

from django.db import connection, connections, models
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)
Value = uuid.UUID | str | datetime.datetime | Sequence[uuid.UUID]
Shape = tuple[type | int, ...]

# Longer lists are rare, and each length is a statement of its own.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class _Statement:
    """A compiled query: its SQL, its parameters, and the columns that become objects."""

    sql: str
    # Each parameter is a constant, or it has the index of one of the values.
    parameters: tuple[tuple[Any, int | None], ...]
    model: type[models.Model]
    attributes: list[str]
    columns: slice
    converters: list[tuple[int, list[Callable[..., Any]], Any]]
    related: list[Any]


class CompiledQuery(Generic[M]):
    """A queryset whose values are given at each call.

    ``make`` returns the queryset for values of the same kinds: ids, texts, datetimes, or lists of
    ids. It must use each of them unchanged, in filters. Anything else that it filters by, such as
    the current time, stays as it was at the first call. It may have neither annotations nor
    prefetched rows.
    """

    def __init__(self, make: Callable[..., models.QuerySet[M]]) -> None:
        self._make = make
        self._statements: dict[Shape, _Statement] = {}

    def __call__(self, *values: Value) -> list[M]:
        """Return the rows for these values. An empty list among them finds nothing."""
        shape = tuple(len(value) if _is_list(value) else type(value) for value in values)
        if 0 in shape:
            return []
        if any(isinstance(length, int) and length > LONGEST for length in shape):
            return list(self._make(*values))
        statement = self._statements.get(shape)
        if statement is None:
            statement = self._statements[shape] = _statement(self._make, shape)
        return list(_rows(statement, [*_flat(values)]))

    def each(self, ids: Sequence[uuid.UUID]) -> Iterator[M]:
        """Yield the rows for any number of ids, where a list of ids is all that ``make`` takes.

        They are in the order of ``make`` within each LONGEST ids.
        """
        for start in range(0, len(ids), LONGEST):
            yield from self(ids[start : start + LONGEST])

    def first(self, *values: Value) -> M | None:
        """Return the first row, or None. All rows are read, so ``make`` must find few."""
        return next(iter(self(*values)), None)


def _is_list(value: Value) -> TypeGuard[Sequence[uuid.UUID]]:
    return isinstance(value, (list, tuple))


def _flat(values: Iterable[Value]) -> Iterator[Any]:
    """Yield the values one after the other, in the form that the database takes."""
    has_uuids = connection.features.has_native_uuid_field
    for value in values:
        for one in value if _is_list(value) else [value]:
            if isinstance(one, uuid.UUID):
                yield one if has_uuids else one.hex
            elif isinstance(one, datetime.datetime):
                yield connection.ops.adapt_datetimefield_value(one)
            else:
                yield one


def _statement(make: Callable[..., models.QuerySet[Any]], shape: Shape) -> _Statement:
    """Compile the queryset with marks for values, and find them among its parameters."""
    numbers = count(1)
    marks = [
        [_mark(uuid.UUID, next(numbers)) for _ in range(kind)]
        if isinstance(kind, int)
        else _mark(kind, next(numbers))
        for kind in shape
    ]
    places = {mark: place for place, mark in enumerate(_flat(marks))}
    compiler = make(*marks).query.get_compiler(connection.alias)
    sql, parameters = compiler.as_sql()
    info, select = compiler.klass_info, compiler.select
    first, last = info["select_fields"][0], info["select_fields"][-1]
    converters = compiler.get_converters([entry[0] for entry in select])
    return _Statement(
        sql=sql,
        parameters=tuple((value, places.get(value)) for value in parameters),
        model=info["model"],
        attributes=[entry[0].target.attname for entry in select[first : last + 1]],
        columns=slice(first, last + 1),
        converters=[(column, *how) for column, how in converters.items()],
        related=get_related_populators(info, select, connection.alias),  # type: ignore[call-arg]  # django-stubs has Django 6's
    )


def _mark(kind: type, number: int) -> Any:
    """Return a value that no query has as a constant."""
    if issubclass(kind, uuid.UUID):
        return uuid.UUID(int=(0xFEED << 112) + number)
    if issubclass(kind, datetime.datetime):
        moment = datetime.datetime(1, 1, 2, tzinfo=datetime.UTC)
        return moment + datetime.timedelta(microseconds=number)
    return f"\ufdd0{number}"


def _rows(statement: _Statement, values: Sequence[Any]) -> Iterator[Any]:
    parameters = [
        constant if place is None else values[place] for constant, place in statement.parameters
    ]
    # Django's proxy looks the connection up at each access, which costs more than most converters.
    database = connections[connection.alias]
    with database.cursor() as cursor:
        cursor.execute(statement.sql, parameters)
        found = cursor.fetchall()
    for columns in map(list, found):
        for column, converters, expression in statement.converters:
            for convert in converters:
                columns[column] = convert(columns[column], expression, database)
        row = statement.model.from_db(
            database.alias, statement.attributes, columns[statement.columns]
        )
        for populator in statement.related:
            populator.populate(columns, row)
        yield row

"""Settings → Usage: tokens and costs of the user, and for administrators of all users."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conversations import access
from conversations.forms.usage import SPANS, UsageForm
from conversations.models import UsageRecord
from conversations.queries import usage as queries
from conversations.queries.usage import Amount, Grouping, Line, Scope
from conversations.transfer import usage_csv
from conversations.views.display import charts, numbers
from conversations.views.web.permissions import login_required
from conversations.views.web.requests import current_user

LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of a table."""

    name: str
    note: str
    amount: Amount

    @property
    def total(self) -> str:
        return _tokens(self.amount)

    @property
    def costs(self) -> list[str]:
        """The costs by currency; empty if no price is known."""
        return [_mark(self.amount) + cost for cost in numbers.costs(self.amount.costs)]

    @property
    def calls(self) -> str:
        """The number of calls."""
        return numbers.whole(self.amount.calls)

    @property
    def counts(self) -> list[str]:
        """The calls, and the tokens by kind."""
        amount = self.amount
        kinds = (amount.prompt, amount.cached, amount.completion, amount.reasoning)
        return [self.calls, *map(numbers.whole, kinds)]


@dataclass(frozen=True, slots=True)
class UsageSection:
    """A chart and its table."""

    kind: Grouping
    title: str
    column: str
    lines: list[TableLine]
    whole: TableLine
    chart: charts.Columns | charts.Ranks
    summary: str


@require_safe
@login_required
def settings_usage(request: HttpRequest) -> HttpResponse:
    """Render sums by day, model, connection, purpose and user, each as a chart and a table."""
    form = UsageForm(request.GET, user=current_user(request))
    scope = form.scope
    parts = [_part(scope, kind) for kind in _kinds(scope)]
    context = {
        "form": form,
        "scope": scope,
        "spans": SPANS,
        "span": form.span,
        "parts": parts,
        "whole": parts[0].whole,
        "asked": _query(scope),
        "query_person": _person_query(scope),
        "estimated": numbers.whole(parts[0].whole.amount.estimated),
        "unpriced": numbers.whole(parts[0].whole.amount.unpriced),
    }
    return render(request, "settings/usage.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def usage_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Download a table, or the ledger, as CSV."""
    scope = UsageForm(request.GET, user=current_user(request)).scope
    kinds = [kind.value for kind in _kinds(scope)]
    if name == LEDGER:
        content: Any = usage_csv.ledger(scope)
    elif name in kinds:
        content = [usage_csv.sums(Grouping(name), queries.lines(scope, Grouping(name)))]
    else:
        raise access.NotFound
    file = f"usage-{name}-{scope.since}-{scope.until}.csv"
    response = StreamingHttpResponse if name == LEDGER else HttpResponse
    return response(
        content,
        content_type=usage_csv.CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )


def _kinds(scope: Scope) -> Sequence[Grouping]:
    """Return the groupings; by user only if there are several."""
    return [kind for kind in Grouping if kind is not Grouping.PERSON or scope.person is None]


def _part(scope: Scope, kind: Grouping) -> UsageSection:
    lines = queries.lines(scope, kind)
    whole = queries.sum_of(lines)
    title, column = _titles(kind)
    table = [_table_line(line, kind, scope) for line in lines]
    return UsageSection(
        kind=kind,
        title=title,
        column=column,
        # The table begins with the newest day, while the chart ends with it.
        lines=table[::-1] if kind is Grouping.DAY else table,
        whole=TableLine(_("Total"), "", whole),
        chart=_chart(scope, kind, lines, table),
        summary=_summary(kind, table),
    )


def _chart(
    scope: Scope, kind: Grouping, lines: Sequence[Line], table: Sequence[TableLine]
) -> charts.Columns | charts.Ranks:
    if kind is Grouping.DAY:
        return charts.columns(scope.days, {line.key: line.amount for line in lines})
    return charts.ranks([(line.name, line.amount) for line in table], _tokens)


def _summary(kind: Grouping, table: Sequence[TableLine]) -> str:
    """Return a sentence that says what the chart shows."""
    if not table:
        return _("No calls.")
    most = max(table, key=lambda line: line.amount.total)
    values = {"name": most.name, "tokens": _tokens(most.amount)}
    if kind is Grouping.DAY:
        return _("Most on %(name)s: %(tokens)s tokens.") % values
    return _("%(name)s used the most: %(tokens)s tokens.") % values


def _tokens(amount: Amount) -> str:
    return _mark(amount) + numbers.whole(amount.total)


def _mark(amount: Amount) -> str:
    """Return the sign of an estimate."""
    return "≈ " if amount.estimated else ""


def _table_line(line: Line, kind: Grouping, scope: Scope) -> TableLine:
    if kind is Grouping.DAY:
        return TableLine(date_format(line.key, "DATE_FORMAT"), "", line.amount)
    if kind is Grouping.PURPOSE:
        return TableLine(str(UsageRecord.Purpose(line.key).label), "", line.amount)
    return TableLine(line.label or "–", _note(line, kind, scope), line.amount)


def _note(line: Line, kind: Grouping, scope: Scope) -> str:
    """Return a note that tells two lines of the same name apart."""
    if kind is Grouping.MODEL and line.label != line.key:
        return str(line.key)
    if kind is Grouping.CONNECTION and scope.person is None:
        return line.owner
    return str(line.names["person__email"] or "") if kind is Grouping.PERSON else ""


def _titles(kind: Grouping) -> tuple[str, str]:
    """Return the titles of a section and of its first column."""
    return {
        Grouping.DAY: (_("By day"), _("Day")),
        Grouping.MODEL: (_("By model"), _("Model")),
        Grouping.CONNECTION: (_("By connection"), _("Connection")),
        Grouping.PERSON: (_("By person"), _("Person")),
        Grouping.PURPOSE: (_("By purpose"), _("Purpose")),
    }[kind]


def _query(scope: Scope) -> str:
    """Return the query string for these days, also if it is opened later."""
    days: dict[str, datetime.date] = {"since": scope.since, "until": scope.until}
    asked = "&".join(f"{name}={day.isoformat()}" for name, day in days.items())
    return asked + _person_query(scope)


def _person_query(scope: Scope) -> str:
    return f"&person={scope.person.pk}" if scope.person else ""

"""The runs of an answer, for the wire view."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from conversations.models import Generation, User
from conversations.queries import costs
from conversations.queries.parameters import ParameterSource
from conversations.upstream.endpoint import CHAT_PATH
from conversations.views.display import curl, numbers, run_facts
from conversations.views.display.run_facts import Fact

_SOURCES: dict[str, Any] = {
    ParameterSource.MESSAGE: pgettext_lazy("where a parameter came from", "this message"),
    ParameterSource.CONVERSATION: pgettext_lazy("where a parameter came from", "this chat"),
    ParameterSource.PRESET: pgettext_lazy("where a parameter came from", "the preset"),
    ParameterSource.FOLDER: pgettext_lazy("where a parameter came from", "the folder"),
    ParameterSource.PERSON: pgettext_lazy("where a parameter came from", "the person’s defaults"),
    ParameterSource.TEAM: pgettext_lazy("where a parameter came from", "the team’s defaults"),
}
_CHOSEN = gettext_lazy("chosen for this reply")
_OURS = gettext_lazy("set by Chatsite")


@dataclass(frozen=True, slots=True)
class WireAttempt:
    """An attempt: a request as it was sent, and its response."""

    number: int
    status: int | None
    began: str
    answered: str
    ended: str
    outcome: str
    received: str
    size: str
    # The size of the part that was stored; "" if all was.
    kept: str


@dataclass(frozen=True, slots=True)
class WireExchange:
    """A request and its attempts."""

    url: str
    headers: list[tuple[str, str]]
    parameters: list[tuple[str, str, str]]
    body: str
    body_size: str
    is_body_cut: bool
    is_data_cut: bool
    curl: str
    trials: list[WireAttempt]


@dataclass(frozen=True, slots=True)
class WireRun:
    """A run: its facts, and its exchanges, if they were stored."""

    run: Generation
    facts: list[Fact]
    exchanges: list[WireExchange]


def wire_run(run: Generation, reader: User) -> WireRun:
    """Return a run for ``reader``, with the URL only if they may see that of the connection."""
    accounts = [record.account for record in run.wire_records.all()]
    hides_address = not _may_see_address(run, reader)
    return WireRun(
        run=run,
        facts=list(_facts(run)),
        exchanges=[_exchange(run, account, hides_address) for account in accounts],
    )


def _may_see_address(run: Generation, reader: User) -> bool:
    is_own = run.connection is not None and run.connection.owner_id == reader.pk
    return reader.is_administrator or is_own


def _facts(run: Generation) -> Iterator[Fact]:
    yield _("State"), str(run.get_status_display())
    yield from run_facts.facts_of(run)
    for currency, cost in costs.sum_of(run.usage_records.all()).items():
        mark = "≈ " if run.is_usage_estimated else ""
        yield _("Cost"), mark + numbers.money(cost, currency)
    if run.error_kind:
        yield _("Error"), run.error_kind


def _exchange(run: Generation, account: Mapping[str, Any], hides_address: bool) -> WireExchange:
    url = account["url"]
    headers = [(name, value) for name, value in account["headers"]]
    if hides_address:
        url = f"$BASE_URL{CHAT_PATH}"
        headers = [(name, value) for name, value in headers if name.lower() != "host"]
    body = account["body"]
    return WireExchange(
        url=url,
        headers=headers,
        parameters=list(_parameters(run, account["parameters"])),
        body=body if account["is_body_cut"] else _indented(body),
        body_size=filesizeformat(account["body_bytes"]),
        is_body_cut=account["is_body_cut"],
        is_data_cut=account["is_data_cut"],
        curl=curl.command(url, headers, body),
        trials=[_attempt(number, row) for number, row in enumerate(account["trials"], start=1)],
    )


def _parameters(run: Generation, sent: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield the name, value and source of each parameter of the request."""
    for name, value in sent.items():
        source = "" if _is_ours(name, value) else run.parameters.get(name, {}).get("source", "")
        otherwise = source or (_CHOSEN if name == "model" else _OURS)
        yield name, json.dumps(value, ensure_ascii=False), str(_SOURCES.get(source, otherwise))
    if prompt := run.parameters.get("system_prompt"):
        source = prompt.get("source", "")
        place = pgettext("instead of a system prompt", "the first message")
        yield "system", place, str(_SOURCES.get(source, source))


def _is_ours(name: str, value: object) -> bool:
    """Whether we set the value: the last request of a run forbids tool calls."""
    return name == "tool_choice" and value == "none"


def _attempt(number: int, row: Mapping[str, Any]) -> WireAttempt:
    is_cut = row["kept_bytes"] < row["received_bytes"]
    return WireAttempt(
        number=number,
        status=row["status"],
        began=_after(row["began"]),
        answered=_after(row["answered"]),
        ended=_after(row["ended"]),
        outcome=_outcome(row),
        received=row["received"],
        size=filesizeformat(row["received_bytes"]),
        kept=filesizeformat(row["kept_bytes"]) if is_cut else "",
    )


def _outcome(row: Mapping[str, Any]) -> str:
    """Return how the attempt ended, and why it was followed by another."""
    if row["wait"] is None:
        return str(row["error"])
    if not row["wait"] and row["has_stream_options"] and row["status"] in {400, 422}:
        return _("%(error)s; sent again without stream_options") % {"error": row["error"]}
    values = {"error": row["error"], "wait": run_facts.seconds(row["wait"])}
    return _("%(error)s; sent again after %(wait)s") % values


def _after(seconds: float | None) -> str:
    return "–" if seconds is None else run_facts.seconds(seconds)


def _indented(body: str) -> str:
    """Indent JSON. Returns the text unchanged if masking the key has made it invalid."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body

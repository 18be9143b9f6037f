"""The trial of a tool: its requests and responses, and the result that a model would read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from conversations.tools.hiding import hide, masked
from conversations.tools.http_answer import is_readable, status_line
from conversations.tools.http_tool import HttpToolRun
from conversations.tools.response_text import decoded

LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class ExchangeHop:
    """A request and its response as text, without secrets."""

    url: str
    request: str
    response: str
    seconds: str


@dataclass(frozen=True, slots=True)
class ToolExchange:
    """The view model of templates/settings/_tool_trial.html."""

    hops: list[ExchangeHop]
    body: str
    is_body_cut: bool
    told: str
    is_failure: bool
    seconds: str


def tool_exchange(attempt: HttpToolRun, secrets: Mapping[str, str]) -> ToolExchange:
    """Return a trial without ``secrets``, which are values by the names of headers."""
    body = hide(_body(attempt), secrets.values())
    return ToolExchange(
        hops=list(_hops(attempt, secrets)),
        body=body[:LONGEST],
        is_body_cut=len(body) > LONGEST or bool(attempt.response and attempt.response.is_cut),
        told=attempt.told[:LONGEST],
        is_failure=attempt.is_failure,
        seconds=_seconds(attempt.seconds),
    )


def _hops(attempt: HttpToolRun, secrets: Mapping[str, str]) -> Iterator[ExchangeHop]:
    hidden = {name.lower(): masked(value) for name, value in secrets.items()}
    for hop in attempt.hops:
        sent = [(name, hidden.get(name.lower(), value)) for name, value in hop.sent]
        head = [f"{hop.method} {_target(hop.url)} HTTP/1.1", *_lines(sent)]
        body = hop.body.decode("utf-8", "replace")
        answer = [f"HTTP/1.1 {status_line(hop.status)}", *_lines(hop.received)]
        texts = ["\n".join([*head, "", body] if body else head), "\n".join(answer)]
        request, response = (hide(text, secrets.values())[:LONGEST] for text in texts)
        url = hide(hop.url, secrets.values())
        yield ExchangeHop(url, request, response if hop.status else "", _seconds(hop.seconds))


def _lines(pairs: tuple[tuple[str, str], ...] | list[tuple[str, str]]) -> list[str]:
    return [f"{name}: {value}" for name, value in pairs]


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _body(attempt: HttpToolRun) -> str:
    """Return the body as text; of a binary one only its size."""
    response = attempt.response
    if response is None or not response.body:
        return ""
    if is_readable(response):
        return decoded(response)
    return _("%(size)s, not text") % {"size": filesizeformat(len(response.body))}


def _seconds(seconds: float) -> str:
    return _("%(n)s s") % {"n": number_format(seconds, 2)}

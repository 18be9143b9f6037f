"""The request of an HTTP tool: arguments fill the address, others go into query or body."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conversations.tools import url_template
from conversations.tools.base import Arguments
from conversations.tools.fetch import FetchRequest

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
# These send the remaining arguments as a JSON object; other methods put them into the query.
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class HttpSpec:
    """The definition of a request; ``secrets`` are headers whose values are masked."""

    method: str
    url_template: str
    parameters: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


def request_for(spec: HttpSpec, arguments: Arguments) -> FetchRequest:
    """Build the request for checked arguments. Raises ToolError if the address is impossible."""
    template = url_template.parse(spec.url_template)
    rest = {name: value for name, value in arguments.items() if name not in template.names}
    headers = {**spec.headers, **spec.secrets}
    if spec.method not in WITH_BODY:
        url = template.fill(arguments, more=_pairs(rest))
        return FetchRequest(url, spec.method, headers)
    url = template.fill(arguments)
    if not rest and set(spec.parameters.get("properties", ())) <= template.names:
        return FetchRequest(url, spec.method, headers)
    if "content-type" not in {name.lower() for name in headers}:
        headers["Content-Type"] = _JSON
    body = json.dumps(rest, ensure_ascii=False).encode("utf-8", "replace")
    return FetchRequest(url, spec.method, headers, body)


def _pairs(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the pairs of a query: one for each item of a list, none for null."""
    for name, value in arguments.items():
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                yield name, each

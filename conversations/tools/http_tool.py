"""Tools that people make: one HTTP request for a call, through the guarded fetch."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from conversations.tools.base import Arguments, Tool, ToolError
from conversations.tools.fetch import FetchError, FetchResponse, Hop, fetch
from conversations.tools.hiding import hide
from conversations.tools.http_answer import told
from conversations.tools.http_request import HttpSpec, request_for

# Below the limit of every tool, so that what failed is said and not only that something did.
SECONDS = 25.0


@dataclass(frozen=True, slots=True)
class HttpToolRun:
    """A run with all that went over the wire; of the hops only ``sent`` still holds secrets.

    ``told``: what the model reads. ``response`` is None where none came to its end.
    """

    hops: tuple[Hop, ...]
    told: str
    is_failure: bool
    seconds: float
    response: FetchResponse | None = None


def http_tool(
    name: str,
    description: str,
    parameters: Mapping[str, Any],
    *,
    load: Callable[[], HttpSpec],
    allowed_hosts: Collection[str] = (),
) -> Tool:
    """The tool. ``load`` opens the secrets when it runs, and may raise ToolError."""

    async def run(arguments: Arguments) -> str:
        result = await attempt(load(), arguments, allowed_hosts=allowed_hosts)
        if result.is_failure:
            raise ToolError(result.told)
        return result.told

    return Tool(name, description, parameters, run)


async def attempt(
    spec: HttpSpec, arguments: Arguments, *, allowed_hosts: Collection[str] = ()
) -> HttpToolRun:
    """Ask once. Every way to fail is a value."""
    hops: list[Hop] = []
    started = time.perf_counter()
    response, is_failure = None, False
    try:
        request = request_for(spec, arguments)
        response = await fetch(
            request, allowed_hosts=allowed_hosts, seconds=SECONDS, on_hop=hops.append
        )
        said = await told(response, hops[-1])
    except (ToolError, FetchError) as error:
        said, is_failure = str(error), True
    seconds = time.perf_counter() - started
    shown = hide(said, spec.secrets.values())
    return HttpToolRun(tuple(hops), shown, is_failure, seconds, response)

"""HTTP tools, defined by users: each call is one request through the guarded fetch."""

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

# Below the limit of every tool, so that the fetch fails first and can name the reason.
SECONDS = 25.0


@dataclass(frozen=True, slots=True)
class HttpToolRun:
    """A call with its raw exchange. Secrets are masked, except in ``sent`` of the hops.

    ``told`` is the text for the model; ``response`` is None if none was complete.
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
    """Return the tool. ``load`` decrypts the secrets at each call, and may raise ToolError."""

    async def run(arguments: Arguments) -> str:
        result = await attempt(load(), arguments, allowed_hosts=allowed_hosts)
        if result.is_failure:
            raise ToolError(result.told)
        return result.told

    return Tool(name, description, parameters, run)


async def attempt(
    spec: HttpSpec, arguments: Arguments, *, allowed_hosts: Collection[str] = ()
) -> HttpToolRun:
    """Make one call. A failure is returned, never raised."""
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

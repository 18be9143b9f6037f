"""A request as a curl command, with variables for its secrets."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

# curl sends these headers itself.
_OWN = {"host", "content-length", "connection", "accept-encoding", "user-agent"}
_SECRETS = {"authorization": "Authorization: Bearer $API_KEY", "x-api-key": "x-api-key: $API_KEY"}


def command(url: str, headers: Iterable[tuple[str, str]], body: str) -> str:
    """Return the command; the shell fills in `API_KEY` and variables of `url`."""
    lines = [f"curl -N {_address(url)}"]
    for name, value in headers:
        if name.lower() in _SECRETS:
            lines.append(f'-H "{_SECRETS[name.lower()]}"')
        elif name.lower() not in _OWN:
            lines.append(f"-H {shlex.quote(f'{name}: {value}')}")
    lines.append(f"--data-raw {shlex.quote(body)}")
    return " \\\n  ".join(lines)


def _address(url: str) -> str:
    """Quote the URL: in double quotes if the shell has to expand a variable in it."""
    return f'"{url}"' if url.startswith("$") else shlex.quote(url)

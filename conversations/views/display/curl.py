"""A request as a command for a shell, with a place for the key."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

# What curl says by itself, or better than we did.
_OWN = {"host", "content-length", "connection", "accept-encoding", "user-agent"}
_SECRETS = {"authorization": "Authorization: Bearer $API_KEY", "x-api-key": "x-api-key: $API_KEY"}


def command(url: str, headers: Iterable[tuple[str, str]], body: str) -> str:
    """The command; the shell fills in `API_KEY`, and what else `url` leaves to it."""
    lines = [f"curl -N {_address(url)}"]
    for name, value in headers:
        if name.lower() in _SECRETS:
            lines.append(f'-H "{_SECRETS[name.lower()]}"')
        elif name.lower() not in _OWN:
            lines.append(f"-H {shlex.quote(f'{name}: {value}')}")
    lines.append(f"--data-raw {shlex.quote(body)}")
    return " \\\n  ".join(lines)


def _address(url: str) -> str:
    """In double quotes where the shell is to fill something in; else as it is."""
    return f'"{url}"' if url.startswith("$") else shlex.quote(url)

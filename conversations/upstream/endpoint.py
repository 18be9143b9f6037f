"""The endpoint of a connection: base URL, key and timers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from conversations.network.addresses import AddressRefused, is_allowed

# The only route of an upstream that is documented.
CHAT_PATH = "/v1/chat/completions"
AuthStyle = Literal["x-api-key", "bearer"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One connection's base URL and key.

    `guard`: the address must be public and the scheme https, unless `allowed_hosts` names the
    host. `stream_options`: False once the upstream has refused them.
    """

    base_url: str
    key: str = field(repr=False)
    auth_style: AuthStyle = "x-api-key"
    guard: bool = True
    allowed_hosts: frozenset[str] = frozenset()
    stream_options: bool = True

    @property
    def url(self) -> str:
        """Return the address of the one documented endpoint."""
        return self.base_url.rstrip("/") + CHAT_PATH

    def headers(self) -> dict[str, str]:
        """Return exactly one of the two documented authentication headers."""
        if self.auth_style == "bearer":
            return {"Authorization": f"Bearer {self.key}"}
        return {"x-api-key": self.key}

    def check_scheme(self) -> None:
        """Raise `AddressRefused` (https_required) for plain http to a guarded host."""
        url = urlsplit(self.base_url)
        allowed = is_allowed(url.hostname or "", url.port or 80, self.allowed_hosts)
        if self.guard and url.scheme != "https" and not allowed:
            raise AddressRefused("https_required")


@dataclass(frozen=True, slots=True)
class Timers:
    """The longest waits of an exchange, in seconds.

    `connect` is for resolving, connecting and TLS together; `write` between two pieces of the
    request. `first`, `between` and `after_finish` count data events, not bytes: a server that
    sends only comments is as silent as one that sends nothing. `plain` is for a plain or image
    request in all, `whole` for a stream in all, retries included.
    """

    connect: float = 10.0
    write: float = 30.0
    first: float = 300.0
    between: float = 120.0
    whole: float = 1800.0
    plain: float = 600.0
    after_finish: float = 5.0

"""A web server with pages by their path, which counts connections."""

from __future__ import annotations

import ssl

from tests.fakes import behaviours
from tests.fakes.behaviours import Behaviour
from tests.fakes.http import Request
from tests.fakes.upstream import FakeUpstream


class FakeSite(FakeUpstream):
    """A server of ``pages``, behaviours by path; other paths are answered by 404."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(tls=tls)
        self.pages: dict[str, Behaviour] = {}

    def _choose(self, request: Request) -> Behaviour:
        return self.pages.get(request.path, behaviours.fail(404))


def serve(
    content: str | bytes, content_type: str = "text/html; charset=utf-8", **headers: str
) -> Behaviour:
    """Answer with this body."""
    raw = content.encode() if isinstance(content, str) else content
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return behaviours.fail(200, raw, fields, content_type=content_type)

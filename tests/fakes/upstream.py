"""A real HTTP server that speaks the documented API, and misbehaves on demand.

    with FakeUpstream() as fake:
        fake.say("Hello", " world", delay=0.05)   # the next answer
        fake.fail(429, headers={"retry-after": "1"})
        gate = fake.hold("so far")                # streams "so far", then waits for gate.release()

Scripted behaviours are used up in order; then `default` answers (an echo). It runs in a thread
and loop of its own, so it serves synchronous tests, asynchronous ones and browsers alike.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from tests.fakes import behaviours
from tests.fakes.behaviours import Behaviour, Hold
from tests.fakes.http import Connection, Request
from tests.fakes.reply import Reply

PATH = "/v1/chat/completions"


class FakeUpstream:
    """A fake upstream; `key` refuses others, `auth` ("x-api-key" or "bearer") reads one header."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.default: Behaviour = behaviours.echo
        self.key = ""
        self.auth = ""
        self.server_names: list[str | None] = []
        self._script: deque[Behaviour] = deque()
        self._tls = tls
        self._connections: set[Connection] = set()
        self.accepted = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def script(self, *scripted: Behaviour) -> None:
        """Append behaviours, one per request."""
        self._script.extend(scripted)

    def say(
        self,
        *deltas: str,
        delay: float = 0.0,
        reasoning: Sequence[str] = (),
        finish: str | None = "stop",
        usage: bool = True,
    ) -> None:
        """Answer with these deltas, streamed or plain as it is asked."""
        self.script(
            behaviours.say(*deltas, delay=delay, reasoning=reasoning, finish=finish, usage=usage)
        )

    def call(
        self,
        *calls: tuple[str, str],
        text: str = "",
        finish: str = "tool_calls",
        usage: bool = True,
    ) -> None:
        """Answer with calls of tools by (name, arguments)."""
        self.script(behaviours.call(*calls, text=text, finish=finish, usage=usage))

    def hold(self, *deltas: str, finish: str | None = "stop") -> Hold:
        """Answer with these deltas, then wait for `release()` before the end."""
        gate = Hold()
        self.script(behaviours.say(*deltas, finish=finish, hold=gate))
        return gate

    def fail(self, status: int, body: Any = None, headers: Mapping[str, str] | None = None) -> None:
        """Answer with an error: a message, a JSON value or bytes."""
        self.script(behaviours.fail(status, body, headers))

    def replay(self, capture: str) -> None:
        """Answer with a recorded answer, by its name in tests/captures."""
        self.script(behaviours.replay(capture))

    @property
    def url(self) -> str:
        """The base URL, as a user would type it."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The JSON bodies of the requests, in order."""
        return [request.json for request in self.requests]

    @property
    def open_connections(self) -> int:
        """The number of connections that clients hold open."""
        return sum(not connection.gone.is_set() for connection in self._connections)

    def wait_for_requests(self, count: int, timeout: float = 30.0) -> list[Request]:
        """Wait until `count` requests have come, and return them."""
        end = time.monotonic() + timeout
        while len(self.requests) < count and time.monotonic() < end:
            time.sleep(0.005)
        if len(self.requests) < count:
            raise AssertionError(f"{len(self.requests)} of {count} requests came")
        return self.requests[:count]

    def drop_idle_connections(self) -> None:
        """Close every connection, as a server does with idle ones."""
        self._loop.call_soon_threadsafe(self._close_all)

    def start(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(30)
        return self

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._shut_down(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(
            lambda: Connection(self._serve), "127.0.0.1", 0, ssl=self._tls, backlog=512
        )
        self.port: int = self._server.sockets[0].getsockname()[1]

    async def _shut_down(self) -> None:
        self._server.close()
        self._close_all()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _close_all(self) -> None:
        for connection in list(self._connections):
            connection.transport.abort()

    async def _serve(self, connection: Connection) -> None:
        self._connections.add(connection)
        self.accepted += 1
        with suppress(ConnectionResetError, asyncio.CancelledError):
            while (request := await connection.read_request()) is not None:
                self.requests.append(request)
                await self._choose(request)(Reply(connection, request))
        self._connections.discard(connection)

    def _choose(self, request: Request) -> Behaviour:
        if request.path != PATH or request.method != "POST":
            return behaviours.fail(404, {"detail": "Not Found"})
        if self.key and not self._is_authorised(request):
            return behaviours.fail(401, json.loads('{"error": {"message": "Invalid API key"}}'))
        return self._script.popleft() if self._script else self.default

    def _is_authorised(self, request: Request) -> bool:
        given = {
            "x-api-key": request.headers.get("x-api-key"),
            "bearer": request.headers.get("authorization", "").removeprefix("Bearer "),
        }
        return self.key in ([given[self.auth]] if self.auth else given.values())

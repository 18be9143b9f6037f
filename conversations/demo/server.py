"""The demo upstream as a running server: HTTP on a loopback port, in the running event loop."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection
from types import TracebackType
from typing import Self

from conversations.demo.app import DemoApp
from conversations.demo.http11 import DEFAULT_LIMITS, HttpConnection, Limits
from conversations.demo.stream import DEFAULT_PACE, Pace

HOST = "127.0.0.1"


class DemoServer:
    """Serves the demo app from `start` to `stop`, or inside `async with`.

    Both belong to one event loop. `port` 0 takes a free one. Without `key` one is generated;
    `key` is what a client must send.
    """

    def __init__(
        self,
        *,
        models: Collection[str],
        key: str | None = None,
        port: int = 0,
        pace: Pace = DEFAULT_PACE,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self.key = secrets.token_urlsafe(32) if key is None else key
        self._app = DemoApp(key=self.key, models=models, pace=pace)
        self._port = port
        self._limits = limits
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def base_url(self) -> str:
        """Where it listens, without a path. Raises RuntimeError before `start`."""
        if self._server is None:
            raise RuntimeError("The demo upstream is not running: call start() first.")
        return f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"

    @property
    def open_connections(self) -> int:
        """How many clients are connected."""
        return len(self._connections)

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken, RuntimeError when already running."""
        if self._server is not None:
            raise RuntimeError("The demo upstream is already running.")
        self._server = await asyncio.start_server(self._connected, HOST, self._port)

    async def stop(self) -> None:
        """Close the port and every open connection; return when their tasks have ended."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.close()
        tasks = list(self._connections)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = HttpConnection(
            app=self._app, reader=reader, writer=writer, limits=self._limits
        )
        # Not a coroutine callback: asyncio would own that task and log its cancellation.
        task = asyncio.get_running_loop().create_task(connection.serve())
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

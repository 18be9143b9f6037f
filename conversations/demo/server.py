"""The demo upstream as a running server: HTTP on a loopback port, in the running event loop."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from types import TracebackType
from typing import Self

from aiohttp import web

from conversations.demo.app import DemoApp
from conversations.demo.stream import DEFAULT_PACE, Pace

HOST = "127.0.0.1"
# Seconds that running answers have to end by themselves.
_GRACE = 0.1


class DemoServer:
    """Serves the demo app from `start` to `stop`, or inside `async with`.

    Both belong to one event loop. `port` 0 takes a free one. Without `key` one is generated;
    clients must send `key`.
    """

    def __init__(
        self,
        *,
        models: Collection[str],
        key: str | None = None,
        port: int = 0,
        pace: Pace = DEFAULT_PACE,
    ) -> None:
        self.key = secrets.token_urlsafe(32) if key is None else key
        self._app = DemoApp(key=self.key, models=models, pace=pace)
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        """The address without a path. Raises RuntimeError before `start`."""
        if self._runner is None:
            raise RuntimeError("The demo upstream is not running: call start() first.")
        return f"http://{HOST}:{self._runner.addresses[0][1]}"

    @property
    def open_connections(self) -> int:
        """The number of connected clients."""
        server = self._runner.server if self._runner else None
        return len(server.connections) if server else 0

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken, RuntimeError when already running."""
        if self._runner is not None:
            raise RuntimeError("The demo upstream is already running.")
        runner = web.AppRunner(
            self._app.application(),
            access_log=None,
            handler_cancellation=True,
            shutdown_timeout=_GRACE,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, self._port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner

    async def stop(self) -> None:
        """Close the port and every open connection."""
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

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

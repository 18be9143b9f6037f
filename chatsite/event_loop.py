"""The event loop of the server: uvloop's where it is installed, else asyncio's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from twisted.internet import asyncioreactor

new_event_loop: Callable[[], asyncio.AbstractEventLoop]

try:
    from uvloop import new_event_loop
except ImportError:  # there is none for Windows and PyPy
    from asyncio import new_event_loop


def install() -> asyncio.AbstractEventLoop:
    """Install a Twisted reactor over a new event loop, and return the loop.

    Raises `twisted.internet.error.ReactorAlreadyInstalledError` after any import of
    `twisted.internet.reactor`, as by Daphne, which then has installed one over asyncio's loop.
    """
    loop = new_event_loop()
    asyncioreactor.install(loop)
    return loop

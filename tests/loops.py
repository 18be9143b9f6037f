"""The event loops that connections to other servers are tested on: asyncio's, and uvloop's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

LoopFactory = Callable[[], asyncio.AbstractEventLoop]
LOOPS: Mapping[str, LoopFactory]

try:
    import uvloop
except ImportError:  # not made for Windows, nor for PyPy
    LOOPS = {"asyncio": asyncio.new_event_loop}
else:
    LOOPS = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}

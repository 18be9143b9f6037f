"""What one read of the network brings, in one piece.

A server sends a chunk for each token, and one read brings several (pacing.py). httpcore would hand
each on alone, through four generators and a timer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import h11
import httpcore

# In bytes. Compressed ones become a thousand times as many: more would be megabytes at once.
MAX_PIECE = 4096


class GatheringConnection(httpcore.AsyncHTTP11Connection):
    """httpcore's connection, whose bodies come in as few pieces as they were read in.

    Replaces one method of httpcore 1.0.9 that its own byte stream calls.
    """

    async def _receive_response_body(self, request: httpcore.Request) -> AsyncIterator[bytes]:
        timeout = request.extensions.get("timeout", {}).get("read")
        is_over = False
        while not is_over:
            event = await self._receive_event(timeout=timeout)
            if isinstance(event, h11.Data):
                data, is_over = self._gather(event)
                yield data
            else:
                is_over = isinstance(event, h11.EndOfMessage) or event is h11.PAUSED

    def _gather(self, first: h11.Data) -> tuple[bytes, bool]:
        """Join `first` with the data that has been read already; whether the body ends with it."""
        pieces, length = [bytes(first.data)], len(first.data)
        while length < MAX_PIECE:
            try:
                event = self._h11_state.next_event()
            except h11.RemoteProtocolError:
                # What came before it counts; asked again, it says so again.
                break
            if not isinstance(event, h11.Data):
                return b"".join(pieces), isinstance(event, h11.EndOfMessage) or event is h11.PAUSED
            pieces.append(bytes(event.data))
            length += len(event.data)
        return b"".join(pieces), False

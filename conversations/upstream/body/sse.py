"""Server-sent events from bytes: any framing a server uses, any cut the network makes."""

from __future__ import annotations

from dataclasses import dataclass

MAX_LINE_BYTES = 32 * 1024 * 1024
"""The longest line, and the longest event, that is accepted."""

_BOM = b"\xef\xbb\xbf"


class EventTooLargeError(Exception):
    """One line or one event is longer than the decoder's limit."""


@dataclass(frozen=True, slots=True)
class Event:
    """One dispatched event; `data` holds its `data:` lines joined by a line feed."""

    data: str
    event: str = ""
    id: str = ""
    retry: int | None = None


class Decoder:
    """Turns bytes into events, in time linear in the bytes however they are cut.

    It works on bytes, so that U+2028 or U+0085 inside JSON never end a line, as they do for
    `httpx.Response.aiter_lines`.
    """

    def __init__(self, *, limit: int = MAX_LINE_BYTES) -> None:
        self._limit = limit
        self._partial: list[bytes] = []
        self._partial_bytes = 0
        self._skip_line_feed = False
        self._at_start = True
        self._failed = False
        self._data: list[bytes] = []
        self._data_bytes = 0
        self._event = ""
        self._id = ""
        self._retry: int | None = None

    def feed(self, data: bytes) -> list[Event]:
        """Return the events that `data` completes; raise `EventTooLargeError` over the limit.

        Events found before an overlong line are returned first; the next call raises.
        """
        if self._failed:
            raise EventTooLargeError
        events: list[Event] = []
        *lines, rest = self._split(data)
        for line in lines:
            self._take_line(self._join(line), events)
        self._partial.append(rest)
        self._partial_bytes += len(rest)
        self._failed = max(self._partial_bytes, self._data_bytes) > self._limit
        if self._failed and not events:
            raise EventTooLargeError
        return events

    def flush(self) -> list[Event]:
        """Return what the end of the stream leaves over, though no empty line closed it."""
        if self._failed:
            raise EventTooLargeError
        events: list[Event] = []
        self._take_line(self._join(b""), events)
        self._dispatch(events)
        return events

    def _split(self, data: bytes) -> list[bytes]:
        """Cut at LF, CR and CRLF; a CR at the end of `data` ends its line at once."""
        if not data:
            return [b""]
        if self._skip_line_feed and data.startswith(b"\n"):
            data = data[1:]
        self._skip_line_feed = data.endswith(b"\r")
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return data.split(b"\n")

    def _join(self, line: bytes) -> bytes:
        """Put the pieces of a line together, once, and drop a byte order mark at the start."""
        if self._partial_bytes:
            line = b"".join([*self._partial, line])
        self._partial.clear()
        self._partial_bytes = 0
        if self._at_start:
            self._at_start = False
            line = line.removeprefix(_BOM)
        return line

    def _take_line(self, line: bytes, events: list[Event]) -> None:
        if not line:
            self._dispatch(events)
            return
        if line.startswith(b":"):
            return
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            self._take_data(value, events)
        elif field == b"event":
            self._event = value.decode("utf-8", "replace")
        elif field == b"id" and b"\0" not in value:
            self._id = value.decode("utf-8", "replace")
        elif field == b"retry" and value.isdigit() and len(value) < 10:
            self._retry = int(value)

    def _take_data(self, value: bytes, events: list[Event]) -> None:
        # Some servers send no empty line between events. In JSON an object is never followed by
        # another, nor by [DONE], so such a line must belong to the next event.
        if (
            self._data
            and self._data[-1].endswith(b"}")
            and (value.startswith(b"{") or value.strip() == b"[DONE]")
        ):
            self._dispatch(events)
        self._data.append(value)
        self._data_bytes += len(value)

    def _dispatch(self, events: list[Event]) -> None:
        if self._data:
            data = b"\n".join(self._data).decode("utf-8", "replace")
            events.append(Event(data=data, event=self._event, id=self._id, retry=self._retry))
        self._clear()

    def _clear(self) -> None:
        self._data = []
        self._data_bytes = 0
        self._event = ""
        self._id = ""
        self._retry = None

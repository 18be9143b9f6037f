"""The body of one answer with a good status, whatever form it turns out to have, as deltas.

No I/O: bytes in, deltas out. The form is told by the first character, not by the content type.
"""

from __future__ import annotations

from collections.abc import Mapping

from conversations.upstream.answer.answer import (
    Delta,
    ImageDelta,
    ReasoningDelta,
    TextDelta,
    ToolCallDelta,
)
from conversations.upstream.answer.image_fields import ImageSource
from conversations.upstream.answer.text_cleaner import TextCleaner
from conversations.upstream.body import chunks, sse
from conversations.upstream.body.chunks import Chunk
from conversations.upstream.body.inline_images import InlineImageSplitter
from conversations.upstream.body.outcome import ResponseFacts
from conversations.upstream.errors import ErrorKind, TooLarge, UpstreamError
from conversations.upstream.failures.classify import classify
from conversations.upstream.failures.masking import tidy
from conversations.upstream.json_text import BadJSONError

HEAD_BYTES = 64 * 1024
_BOM = b"\xef\xbb\xbf"
_FIELDS = (b":", b"data:", b"event:", b"id:", b"retry:")


class Reception:
    """Reads one body.

    After each call look at `error` (raise it once the deltas are delivered) and `is_done` (read
    no further). `events` counts data events, for the timers.
    """

    def __init__(self, headers: Mapping[str, str], *, key: str) -> None:
        self.facts = ResponseFacts()
        self.error: UpstreamError | None = None
        self.is_done = False
        self.events = 0
        self.bytes = 0
        self._headers = headers
        self._key = key
        self._head = b""
        self._bad_payload = ""
        self._decoder = sse.Decoder()
        self._document: list[bytes] | None = None
        self._sniffed = False
        self._saw_done = False
        self.has_deltas = False
        self._has_words = False
        self._text = TextCleaner()
        self._reasoning = TextCleaner()
        self._splitter = InlineImageSplitter()

    @property
    def is_complete(self) -> bool:
        """Whether a finish reason or `[DONE]` was seen; a readable document is complete."""
        return self._saw_done or self.facts.finish_reason is not None

    def feed(self, data: bytes) -> list[Delta]:
        """Take bytes as they come."""
        self.bytes += len(data)
        if not self._sniffed:
            data = self._sniff(data)
        elif len(self._head) < HEAD_BYTES:
            self._head += data[:HEAD_BYTES]
        if not self._sniffed:
            return []
        if self._document is None:
            return self._feed_events(data)
        self._document.append(data)
        if self.bytes > sse.MAX_LINE_BYTES:
            self._fail(TooLarge())
        return []

    def end(self) -> list[Delta]:
        """Take the end of the body, or of the patience with it."""
        if self._document is not None:
            deltas = self._read_document(b"".join(self._document))
        else:
            deltas = [] if self.is_done else self._take_events(self._flush_decoder())
        deltas += self._said(self._reasoning.flush(), self._text.flush())
        deltas += map(_delta, self._splitter.flush(is_complete=self.is_complete))
        self._has_words = self._has_words or any(map(_says, deltas))
        if self.error is None and not self._has_words:
            self._fail(self._why_empty())
        elif self.error is None and not self.is_complete and self._is_bare_words():
            self._fail(self._explain(self._bad_payload))
        return deltas

    def _sniff(self, data: bytes) -> bytes:
        """Decide on the form as soon as a character has come; return what is to be read."""
        self._head += data
        start = self._head.removeprefix(_BOM).lstrip()
        if len(self._head) < HEAD_BYTES and (not start or _BOM.startswith(self._head)):
            return b""
        self._sniffed = True
        if start[:1] in {b"{", b"[", b'"', b"<"}:
            self._document = []
        return self._head

    def _feed_events(self, data: bytes) -> list[Delta]:
        try:
            events = self._decoder.feed(data)
        except sse.EventTooLargeError:
            self._fail(TooLarge())
            return []
        return self._take_events(events)

    def _flush_decoder(self) -> list[sse.Event]:
        try:
            return self._decoder.flush()
        except sse.EventTooLargeError:
            return []

    def _take_events(self, events: list[sse.Event]) -> list[Delta]:
        """Take events in their order; the words of neighbouring chunks become one delta."""
        deltas: list[Delta] = []
        words: list[Chunk] = []
        for event in events:
            if self.is_done or self.error is not None:
                break
            chunk = _parse(event.data.strip())
            if chunk is None or not chunk.is_words or event.event == "error":
                deltas += self._take_words(words) + self._take_event(event, chunk)
                words = []
            elif words and not chunk.continues(words[-1]):
                deltas += self._take_words(words)
                words = [chunk]
            else:
                words.append(chunk)
        return deltas + self._take_words(words)

    def _take_words(self, words: list[Chunk]) -> list[Delta]:
        self.events += len(words)
        return self._take_chunk(chunks.joined(words)) if words else []

    def _take_event(self, event: sse.Event, chunk: Chunk | None) -> list[Delta]:
        payload = event.data.strip()
        if not payload:
            return []
        self.events += 1
        if payload.strip('"') == "[DONE]":
            self.is_done = self._saw_done = True
            return []
        if chunk is None:
            self._bad_payload = payload
            chunk = Chunk()
        if chunk.error or event.event == "error":
            if not self.is_complete:
                self._fail(self._explain(payload))
            return []
        return self._take_chunk(chunk)

    def _take_chunk(self, chunk: Chunk) -> list[Delta]:
        self.facts.take(chunk)
        deltas = self._said(self._reasoning.feed(chunk.reasoning), self._text.feed(chunk.text))
        deltas += map(ImageDelta, chunk.pictures)
        deltas += map(ToolCallDelta, chunk.calls)
        self._has_words = self._has_words or any(map(_says, deltas))
        self.has_deltas = self.has_deltas or bool(deltas)
        return deltas

    def _said(self, reasoning: str, text: str) -> list[Delta]:
        """Return clean words as deltas, with the pictures in them taken out."""
        deltas: list[Delta] = [ReasoningDelta(reasoning)] if reasoning else []
        try:
            deltas += map(_delta, self._splitter.feed(text))
        except TooLarge as error:
            self._fail(error)
        return deltas

    def _read_document(self, body: bytes) -> list[Delta]:
        """Read a whole completion: an answer to a plain request, or in place of a stream."""
        self.is_done = True
        body = body.removeprefix(_BOM).strip()
        try:
            chunk = chunks.parse(body)
        except BadJSONError:
            is_page = body.startswith(b"<")
            self._fail(self._classify(body) if is_page else UpstreamError(ErrorKind.BAD_STREAM))
            return []
        self.events += 1
        if chunk.error or not chunk.has_choices:
            self._fail(self._classify(body))
            return []
        self._saw_done = True
        return self._take_chunk(chunk)

    def _fail(self, error: UpstreamError) -> None:
        self.error = self.error or error
        self.is_done = True

    def _is_bare_words(self) -> bool:
        """Whether the last unreadable payload is words, and not the first half of a chunk."""
        return bool(self._bad_payload) and self._bad_payload[0] not in '{["'

    def _explain(self, payload: str) -> UpstreamError:
        """Return the error that a payload of a stream stands for."""
        error = self._classify(payload)
        if error.kind in {ErrorKind.NOT_AN_API, ErrorKind.EMPTY_ANSWER}:
            return UpstreamError(
                ErrorKind.BAD_STREAM, detail=error.detail, request_id=error.request_id
            )
        return error

    def _why_empty(self) -> UpstreamError:
        """Say what an answer without a word is: never just an empty answer."""
        finish_reason = self.facts.finish_reason or ""
        if finish_reason == "content_filter":
            return UpstreamError(ErrorKind.REFUSED_BY_POLICY)
        if self.is_complete:
            detail = tidy(finish_reason, key=self._key)
            return UpstreamError(ErrorKind.EMPTY_ANSWER, detail=detail)
        if self._bad_payload:
            return self._explain(self._bad_payload)
        if self.events or self._head.lstrip().startswith(_FIELDS):
            return UpstreamError(ErrorKind.BAD_STREAM)
        return self._classify(self._head)

    def _classify(self, body: bytes | str) -> UpstreamError:
        return classify(200, self._headers, body[:HEAD_BYTES], key=self._key)


def _parse(payload: str) -> Chunk | None:
    """Return the chunk of an event's data, or None if that is not JSON."""
    try:
        return chunks.parse(payload)
    except BadJSONError:
        return None


def _says(delta: Delta) -> bool:
    return isinstance(delta, ToolCallDelta | ImageDelta) or bool(delta.text.strip())


def _delta(piece: str | ImageSource) -> Delta:
    return TextDelta(piece) if isinstance(piece, str) else ImageDelta(piece)

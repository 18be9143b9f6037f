from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.upstream.body.sse import Decoder, Event, EventTooLargeError
from tests.effort import bounded


def decode(*pieces: bytes) -> list[Event]:
    decoder = Decoder()
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return events + decoder.flush()


def data(*pieces: bytes) -> list[str]:
    return [event.data for event in decode(*pieces)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"data: a\n\ndata: b\n\n", ["a", "b"]),
        (b"data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]),
        (b"data: a\r\rdata: b\r\r", ["a", "b"]),
        (b"\xef\xbb\xbfdata: a\n\n", ["a"]),
        (b"data:a\n\n", ["a"]),
        (b"data:  a\n\n", [" a"]),
        (b"data: a\ndata: b\n\n", ["a\nb"]),
        (b"data\n\n", [""]),
        (b": comment\n\n:\n\ndata: a\n: more\n\n", ["a"]),
        (b"retry: 3000\n\ndata: a\n\n", ["a"]),
        (b"event: ping\n\ndata: a\n\n", ["a"]),
        (b"unknown: x\ndata: a\n\n", ["a"]),
        (b"data: a", ["a"]),
        (b"data: a\n", ["a"]),
        (b"", []),
        (b"\n\n\n", []),
        ('data: {"x": "\u2028\u2029\u0085\x0c"}\n\n'.encode(), ['{"x": "\u2028\u2029\u0085\x0c"}']),
        (b"data: a\xff\xfeb\n\n", ["a\ufffd\ufffdb"]),
        (b'data: {"a":1}\ndata: {"b":2}\ndata: [DONE]\n', ['{"a":1}', '{"b":2}', "[DONE]"]),
        (b'data: {"a":\ndata: 1}\n\n', ['{"a":\n1}']),
    ],
)
def test_framing(raw: bytes, expected: list[str]) -> None:
    assert data(raw) == expected
    assert data(*[raw[at : at + 1] for at in range(len(raw))]) == expected


def test_fields() -> None:
    events = decode(b"event: error\nid: 7\nretry: 20\ndata: x\n\ndata: y\n\n")
    assert events == [Event("x", event="error", id="7", retry=20), Event("y")]


def test_events_are_given_as_soon_as_their_line_ends_with_a_carriage_return() -> None:
    decoder = Decoder()
    assert [event.data for event in decoder.feed(b"data: a\r\n\r")] == ["a"]
    assert decoder.feed(b"\n") == []


@given(
    texts=st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]))),
    end=st.sampled_from([b"\n", b"\r", b"\r\n"]),
    cuts=st.lists(st.integers(0, 500), max_size=8),
)
def test_cuts_do_not_matter(texts: list[str], end: bytes, cuts: list[int]) -> None:
    texts = [f"x{text}" for text in texts]
    raw = b"".join(b"data: " + text.encode() + end + end for text in texts)
    edges = [0, *sorted(min(cut, len(raw)) for cut in cuts), len(raw)]
    assert data(*[raw[a:b] for a, b in itertools.pairwise(edges)]) == texts


def test_long_line_is_refused_and_events_before_it_are_kept() -> None:
    decoder = Decoder(limit=100)
    assert [event.data for event in decoder.feed(b"data: a\n\ndata: " + b"x" * 200)] == ["a"]
    with pytest.raises(EventTooLargeError):
        decoder.feed(b"x")
    with pytest.raises(EventTooLargeError):
        decoder.flush()


def test_many_lines_of_one_event_are_limited_too() -> None:
    decoder = Decoder(limit=100)
    for _ in range(10):
        decoder.feed(b"data: xxxxxxxxxx\n")
    with pytest.raises(EventTooLargeError):
        decoder.feed(b"data: x\n")


def test_a_long_line_in_small_pieces_takes_linear_time() -> None:
    decoder = Decoder()
    with bounded():
        decoder.feed(b"data: ")
        for _ in range(200_000):
            decoder.feed(b"x" * 100)
        [event] = decoder.feed(b"\n\n")
    assert len(event.data) == 20_000_000

"""Packed bodies, cut anywhere, and bombs."""

from __future__ import annotations

import gzip
import itertools
import tracemalloc
import zlib
from collections.abc import Callable
from functools import partial

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.network.decoding import FULL_PIECE, UnknownEncodingError, decoder_for

PACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": partial(brotli.compress, quality=3),
}


@pytest.mark.parametrize("encoding", PACK)
@settings(max_examples=40, deadline=None)
@given(
    content=st.binary(max_size=500) | st.just(b"word " * 30_000),
    cuts=st.lists(st.integers(min_value=0, max_value=1000), max_size=8),
)
def test_cutting_anywhere_changes_nothing(encoding: str, content: bytes, cuts: list[int]) -> None:
    packed = PACK[encoding](content)
    edges = [0, *sorted(cut % (len(packed) + 1) for cut in cuts), len(packed)]
    decoder = decoder_for(encoding.upper())
    pieces = [
        piece
        for start, end in itertools.pairwise(edges)
        for piece in decoder.feed(packed[start:end])
    ]
    assert b"".join(pieces) == content


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_a_bomb_comes_in_pieces(encoding: str) -> None:
    packed = PACK[encoding](b"0" * 30_000_000)
    tracemalloc.start()
    sizes = [len(piece) for piece in decoder_for(encoding).feed(packed)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(sizes) == 30_000_000
    assert max(sizes) < 2 * FULL_PIECE
    assert peak < 5_000_000


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_nothing_behind_the_end_is_kept(encoding: str) -> None:
    decoder = decoder_for(encoding)
    assert b"".join(decoder.feed(PACK[encoding](b"whole"))) == b"whole"
    tracemalloc.start()
    for _ in range(100):
        assert list(decoder.feed(bytes(100_000))) == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
def test_damaged_bodies_are_refused(encoding: str) -> None:
    with pytest.raises(UnknownEncodingError):
        list(decoder_for(encoding).feed(b"not packed at all"))


@pytest.mark.parametrize("encoding", ["zstd", "gzip, gzip", "utf-8"])
def test_other_encodings_are_unknown(encoding: str) -> None:
    with pytest.raises(UnknownEncodingError):
        decoder_for(encoding)

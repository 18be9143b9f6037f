"""The window of unacknowledged frames of a socket."""

from __future__ import annotations

from conversations.generation.live.flow_control import (
    MAX_BYTES,
    MAX_FRAMES,
    MAX_SILENCE,
    SendWindow,
)


def test_a_full_window_drops_frames_until_all_are_acknowledged() -> None:
    window = SendWindow()
    assert all(window.spend(10, now=0) for _ in range(MAX_FRAMES))
    assert not window.spend(10, now=0)
    assert not window.acknowledge(MAX_FRAMES - 1, now=1)
    assert not window.spend(10, now=1)  # after a gap, nothing out of order
    assert window.acknowledge(MAX_FRAMES, now=2)
    assert window.spend(10, now=2)


def test_bytes_fill_a_window_too_but_one_large_frame_passes() -> None:
    window = SendWindow()
    assert window.spend(MAX_BYTES * 2, now=0)
    assert not window.spend(1, now=0)
    assert window.acknowledge(1, now=0)
    assert window.spend(MAX_BYTES - 1, now=0)
    assert window.spend(1, now=0)
    assert not window.spend(1, now=0)


def test_a_reader_who_keeps_up_never_starts_over() -> None:
    window = SendWindow()
    for sent in range(1, MAX_FRAMES * 3):
        assert window.spend(10, now=sent)
        assert not window.acknowledge(sent, now=sent)


def test_silence_counts_from_the_oldest_frame_that_is_owed() -> None:
    window = SendWindow()
    assert not window.is_silent(now=1000)
    window.spend(1, now=0)
    assert not window.is_silent(now=MAX_SILENCE)
    assert window.is_silent(now=MAX_SILENCE + 1)
    window.spend(1, now=10)
    window.acknowledge(1, now=20)
    assert not window.is_silent(now=20 + MAX_SILENCE)
    window.acknowledge(2, now=21)
    assert not window.is_silent(now=1000)

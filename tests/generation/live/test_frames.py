"""Frames as JSON: the fields that docs/protocol.md names."""

from __future__ import annotations

import json
import uuid

from conversations.generation.live import frames
from conversations.generation.live.hub import LiveAnswer, LiveView

ONE, TWO, THREE = (uuid.UUID(int=number) for number in (1, 2, 3))


def test_ids_are_written_as_pages_have_them() -> None:
    frame = json.loads(frames.patch(generation=ONE, sequence=18, ops=[[0, 3, "<p>"]]))
    assert frame == {"t": "patch", "g": str(ONE), "s": 18, "ops": [[0, 3, "<p>"]]}


def test_a_snapshot_is_the_whole_view_of_an_answer() -> None:
    view = LiveView(17, ("<p>Hi</p>",), "Hm.", changes_of_steps=3)
    frame = json.loads(LiveAnswer(ONE, TWO, THREE, view).snapshot())
    assert frame == {
        "t": "snapshot",
        "c": str(THREE),
        "m": str(TWO),
        "g": str(ONE),
        "s": 17,
        "status": "running",
        "blocks": ["<p>Hi</p>"],
        "reasoning": "Hm.",
        "steps": 3,
    }


def test_a_wait_is_told_where_there_is_one() -> None:
    answer = LiveAnswer(ONE, TWO, THREE)
    assert "retry_in" not in json.loads(answer.running())
    assert json.loads(answer.running(1.26))["retry_in"] == 1.3


def test_an_end_has_the_number_of_the_last_frame() -> None:
    frame = json.loads(LiveAnswer(ONE, TWO, THREE, LiveView(42)).final("stopped"))
    assert (frame["t"], frame["s"], frame["status"]) == ("final", 42, "stopped")


def test_a_heartbeat_names_each_answer() -> None:
    assert json.loads(frames.heartbeat({ONE: 4}))["live"] == {str(ONE): 4}

"""Tool calls in every shape, cut at every byte, and broken off after every byte."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

import pytest

from conversations.upstream.answer.answer import Answer
from tests.fakes.calls import SHAPES, Called, make_calls
from tests.fakes.upstream import FakeUpstream
from tests.upstream.body.receive import Received, receive
from tests.upstream.conftest import Asked

Ask = Callable[..., Awaitable[Asked]]


def called(answer: Answer) -> tuple[Called, ...]:
    return tuple((call.id, call.name, call.arguments) for call in answer.open_calls)


def summary(received: Received) -> tuple[object, ...]:
    answer = received.answer
    return answer.parts, received.is_complete, received.facts.finish_reason, received.error


def read(pieces: Iterable[bytes]) -> tuple[object, ...]:
    return summary(receive(pieces))


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_is_its_calls_however_it_is_cut(name: str) -> None:
    shape = SHAPES[name]
    whole = shape.body
    received = receive([whole])
    assert (received.error, received.is_complete) == (None, True)
    assert received.facts.finish_reason == shape.finish
    assert called(received.answer) == shape.calls
    assert received.answer.text == shape.words
    expected = summary(received)
    for at in range(1, len(whole)):
        assert read([whole[:at], whole[at:]]) == expected
    assert read(whole[at : at + 1] for at in range(len(whole))) == expected


@pytest.mark.parametrize("name", SHAPES)
def test_a_body_that_breaks_off_has_an_error_or_no_end(name: str) -> None:
    """Check that calls are run only if whole: just the mark of the end may be missing."""
    shape = SHAPES[name]
    whole = shape.body
    for at in range(len(whole)):
        received = receive([whole[:at]])
        if received.error is None and received.is_complete:
            assert called(received.answer) == shape.calls


@pytest.mark.parametrize("size", [None, 1])
@pytest.mark.parametrize("name", SHAPES)
async def test_every_shape_over_a_socket(
    ask: Ask, fake_upstream: FakeUpstream, name: str, size: int | None
) -> None:
    shape = SHAPES[name]
    fake_upstream.script(make_calls(shape, size=size))
    asked = await ask()
    assert (asked.error, asked.outcome.is_complete) == (None, True)
    assert called(asked.answer) == shape.calls

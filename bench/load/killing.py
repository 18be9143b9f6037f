"""The loss caused by a `kill -9` in the middle of fifty answers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bench.load import words
from bench.load.asking import ask_all, opened
from bench.load.installation import Installation
from bench.load.page import Page, Seat
from bench.load.readers import Heard
from bench.load.upstream import prompt
from conversations.models import Message

ANSWERS = 50
_AFTER = 4.0  # seconds


@dataclass(frozen=True, slots=True)
class Loss:
    """The fate of acknowledged messages: ``gone``, or with an answer not marked as interrupted.

    ``tails`` has the seconds of each answer that are lost.
    """

    acknowledged: int
    gone: int
    unmarked: int
    tails: list[float]


def loss(made: Installation) -> Loss:
    """Kill the server, start it again, and compare its data with what the readers received."""
    seats = made.seats(ANSWERS)
    died, heard = asyncio.run(_stream_and_kill(made, seats))
    made.site.process.wait()
    made.site.start()
    kept = {
        seat.conversation: one
        for seat, one in zip(seats, heard, strict=True)
        if one.is_acknowledged
    }
    rows = Message.objects.filter(conversation__in=kept)
    answers = list(rows.filter(role=Message.Role.ASSISTANT))
    marked = sum(answer.generation.status == "interrupted" for answer in answers)
    return Loss(
        acknowledged=len(kept),
        gone=len(kept) - rows.filter(role=Message.Role.USER).count(),
        unmarked=len(kept) - marked,
        tails=[_tail(answer, kept[answer.conversation_id], died) for answer in answers],
    )


async def _stream_and_kill(made: Installation, seats: list[Seat]) -> tuple[int, list[Heard]]:
    pages = [Page(seat) for seat in seats]
    async with opened(pages):
        asking = asyncio.create_task(ask_all(pages, prompt(400, 50), within=1))
        await asyncio.sleep(_AFTER)
        made.site.process.kill()
        died = words.now()
        return died, await asking


def _tail(answer: Message, heard: Heard, died: int) -> float:
    """Return the seconds from an answer's last stored word, or the first received, to the kill."""
    stored = words.read(answer.text)
    kept = stored[-1] if stored else heard.oldest
    return 0.0 if kept is None else words.seconds(kept, died)

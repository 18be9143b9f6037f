"""Measure how the server's time for a page grows with the rows of a user: it should not.

Run it from the repository: `.venv/bin/python -m bench.growth`. Each column has ten times as many
conversations, folders and messages as the one before. All are measured in turns in one run.
"""

from __future__ import annotations

import datetime
import itertools
import statistics
from collections.abc import Iterator

from django.utils import timezone

from bench.pages import make_real, person, times
from bench.scratch import scratch
from conversations.models import Conversation, Folder, Generation, Message, User
from tests.branches import as_parts, conversation_of

CONVERSATIONS = (200, 2_000, 20_000)
GOAL_MS = 50
# The places of six in ten conversations; the others are in the list by date.
PLACES = ("folder", "folder", "folder", "pinned", "archived", "deleted")


def fill(owner: User, count: int) -> Folder:
    """Create conversations in every place, and a hundredth as many folders, a third of them nested.

    Half of the filed conversations are in one folder, which is returned.
    """
    tops = [Folder(owner=owner, name=f"Folder {n}", position=n) for n in range(count // 150 + 1)]
    Folder.objects.bulk_create(tops)
    inner = [
        Folder(owner=owner, name=f"Inner {n}", parent=tops[n % len(tops)], position=n)
        for n in range(count // 300)
    ]
    Folder.objects.bulk_create(inner)
    folders = itertools.cycle([tops[0], *tops, tops[0], *inner])
    Conversation.objects.bulk_create(_rows(owner, count, folders), batch_size=2_000)
    _say_something(owner)
    return tops[0]


def _say_something(owner: User) -> None:
    """Add a question and an answer to each conversation, because old messages must cost nothing."""
    now = timezone.now() - datetime.timedelta(hours=1)
    of_the_owner = Conversation.objects.filter(owner=owner).values_list("pk", flat=True)
    questions = [
        Message(conversation_id=pk, role="user", parts=as_parts("Question"), created=now)
        for pk in of_the_owner
    ]
    answers = [
        Message(
            conversation_id=question.conversation_id,
            parent=question,
            role="assistant",
            parts=as_parts("Answer"),
            created=now,
        )
        for question in questions
    ]
    Message.objects.bulk_create([*questions, *answers], batch_size=2_000)
    Generation.objects.bulk_create(
        [
            Generation(message=row, model_name="gpt-5.4", status="completed", created=now)
            for row in answers
        ],
        batch_size=2_000,
    )


def _rows(owner: User, count: int, folders: Iterator[Folder]) -> Iterator[Conversation]:
    now = timezone.now()
    for number, place in zip(range(count), itertools.cycle((*PLACES, *[""] * 4)), strict=False):
        moment = now - datetime.timedelta(minutes=number)
        fields = {
            "folder": {"folder": next(folders)},
            "pinned": {"pinned_at": moment},
            "archived": {"archived_at": moment},
            "deleted": {"deleted_at": now},
        }.get(place, {})
        yield Conversation(owner=owner, title=f"Talk {number}", active_at=moment, **fields)


def pages(folder: Folder, conversation: Conversation) -> dict[str, str]:
    return {
        "conversation": f"/c/{conversation.pk}/",
        "new chat": "/",
        "sidebar": "/sidebar/",
        "all conversations": "/conversations/",
        "archived": "/conversations/archived/",
        "deleted": "/conversations/deleted/",
        "a folder": f"/folders/{folder.pk}/",
        "where to move it": "/folders/choices/",
    }


def main() -> None:
    with scratch() as made:
        cases: dict[str, tuple[User, str]] = {}
        for count in CONVERSATIONS:
            owner = person(f"grows{count}")
            folder = fill(owner, count)
            # 50, 500 and 5,000 messages, in the longest folder, which the sidebar then shows open.
            conversation = conversation_of(owner, pairs=count // 8, folder=folder)
            make_real(conversation)
            for name, path in pages(folder, conversation).items():
                cases[f"{name} {count}"] = (owner, path)
        found = times(made, cases)
        print(f"{'median, ms':20}" + "".join(f"{count:>9,}" for count in CONVERSATIONS))
        for name in pages(folder, conversation):
            medians = [statistics.median(found[f"{name} {n}"]) * 1_000 for n in CONVERSATIONS]
            told = "" if max(medians) <= GOAL_MS else f"  over {GOAL_MS} ms"
            print(f"{name:20}" + "".join(f"{median:9.1f}" for median in medians) + told)


if __name__ == "__main__":
    main()

"""Measure searches among a million messages on SQLite, half of them Chinese.

Run it from the repository: `.venv/bin/python -m bench.search [count]`. Its database of about 1 GB
is deleted at the end. The goal is a p95 of at most 100 ms, on the clock, for a rare word. On a
busy machine, compare the processor's time, and the ratio of the best rounds for its growth.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
from collections.abc import Iterator

from django.core.management import call_command
from django.db import connection, transaction

import bench.scratch  # noqa: F401 (decides where the data is, before Django reads it)
from conversations.indexing.writing import put_messages, put_title
from conversations.models import Conversation, Message, User
from conversations.queries.search import search
from tests.branches import as_parts

MANY = 1_000_000
ONE = 20_000
# The id of a copied row begins with the number of the copy.
COPY_MESSAGES = """
INSERT INTO conversations_message
    (conversation_id, id, role, parts, parameters, model_name, html, html_version, created,
    shown_at)
SELECT %s, %s || substr(id, 5), role, parts, parameters, model_name, html, html_version, created,
    shown_at
FROM conversations_message WHERE conversation_id = %s
"""
COPY_PIECES = """
INSERT INTO conversations_searchpiece (conversation_id, message_id, start, "end", words)
SELECT %s, %s || substr(message_id, 5), start, "end", words
FROM conversations_searchpiece WHERE conversation_id = %s AND message_id IS NOT NULL
"""
ROUNDS = 20
GOAL = 0.1
LATIN = re.findall(
    r"\w+",
    "the desk answers most of its chats within a minute unless two shifts change at once and "
    "nobody wrote down who takes over what so plan breaks before evening peak with every agent",
)
HAN = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子"
)
RARE = {"rare word": "zugzwang", "rare Chinese word": "饕餮盛宴", "rare beginning": "zugz"}
COMMON = {
    "common word": "evening",
    "two common words": "evening desk",
    "one character": "饕",
    "common character": "的",
    "common Chinese word": "我们",
}


def texts(count: int) -> Iterator[str]:
    """Yield short messages, every other one Chinese; one in 20,000 has the rare words."""
    chance = random.Random(1)
    for number in range(count):
        rare = "zugzwang 饕餮盛宴 " if number % 20_000 == 7 else ""
        if number % 2:
            yield f"{rare}{' '.join(chance.choices(LATIN, k=10))}."
        else:
            yield f"{rare}{''.join(chance.choices(HAN, k=24))}。"


def insert(owner: User, count: int) -> None:
    """Store one conversation as the product does, and copy it with SQL."""
    first = talk_of(owner)
    messages = [
        Message(conversation=first, role="user", parts=as_parts(text)) for text in texts(ONE)
    ]
    Message.objects.bulk_create(messages)
    put_messages(messages)
    for number in range(1, count // ONE):
        copy(first, talk_of(owner), number)


def talk_of(owner: User) -> Conversation:
    talk = Conversation.objects.create(owner=owner, title="Evening shift")
    put_title(talk)
    return talk


def copy(first: Conversation, talk: Conversation, number: int) -> None:
    values = [talk.pk.hex, f"{number:04x}", first.pk.hex]
    with connection.cursor() as cursor:
        cursor.execute(COPY_MESSAGES, values)
        cursor.execute(COPY_PIECES, values)


Times = dict[tuple[str, str], list[tuple[float, float]]]


def measure(owners: dict[str, User]) -> Times:
    """Return wall and CPU seconds of each search for each user, measured in turns."""
    found: Times = {}
    for _ in range(ROUNDS):
        for name, text in (RARE | COMMON).items():
            for size, owner in owners.items():
                clock, processor = time.perf_counter(), time.process_time()
                hits = search(owner, text).count
                took = (time.perf_counter() - clock, time.process_time() - processor)
                found.setdefault((name, size), []).append(took)
                assert hits, (name, size)
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    call_command("migrate", "--no-input", "-v0")
    owners = {}
    start = time.perf_counter()
    for size in (ONE, count):
        owners[f"{size:,}"] = owner = User.objects.create_user(f"p{size}@example.com", None)
        with transaction.atomic():
            insert(owner, size)
    print(f"{count:,} messages, built in {time.perf_counter() - start:.0f} s\n")
    found = measure(owners)
    few, many = owners
    print(f"{'ms':22}{'p50':>8}{'p95':>8}{'best':>8}{'CPU p95':>9}{'CPU, ' + few:>14}{'ratio':>7}")
    for name in RARE | COMMON:
        clock, processor = zip(*found[name, many], strict=True)
        small = min(cpu for _, cpu in found[name, few])
        p95 = statistics.quantiles(clock, n=20)[-1]
        goal = "" if name not in RARE else "  ok" if p95 <= GOAL else "  OVER"
        print(
            f"{name:22}{1000 * statistics.median(clock):8.1f}{1000 * p95:8.1f}"
            f"{1000 * min(clock):8.1f}{1000 * statistics.quantiles(processor, n=20)[-1]:9.1f}"
            f"{1000 * small:14.1f}{min(processor) / small:7.1f}{goal}"
        )


if __name__ == "__main__":
    main()

"""Compare ways to checkpoint 100 answers: whole texts, as leases.beat does, or appended rows.

DATABASE_URL=postgres://… python -m bench.journal     (on SQLite: only the whole texts)

It creates a database of its own and drops it. A tick of the journal is one transaction, and one is
due every 500 ms. Compare the ratios only: both ways are measured in turns in one run.
"""
# ruff: noqa: E402 (models can be imported once Django is set up)

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
import uuid
from collections.abc import Callable

import django
import orjson
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatsite.settings")
django.setup()

from conversations.database import transactions
from conversations.generation.records import leases
from conversations.models import Conversation, Generation, Message, User

ANSWERS = 100
TICKS = 20
DELTA_BYTES = 100  # the growth of an answer in a tick, at 50 tokens a second


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--sizes", type=int, nargs="*", default=[2_000, 8_192, 65_536])
    sizes = arguments.parse_args().sizes
    old_name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        measure(sizes)
    finally:
        connection.close()
        connection.creation.destroy_test_db(old_name, verbosity=0)


def measure(sizes: list[int]) -> None:
    runs = make_runs()
    is_postgresql = connection.vendor == "postgresql"
    ways: dict[str, Way] = {"pglz": whole} if is_postgresql else {"whole": whole}
    if is_postgresql:
        ways |= {"lz4": whole, "append": append}
        execute("CREATE TABLE tail (id bigserial PRIMARY KEY, message_id uuid, parts jsonb)")
    for size in sizes:
        times: dict[str, float] = {}
        for name, way in ways.items():
            if name in {"pglz", "lz4"}:
                execute(f"ALTER TABLE conversations_message ALTER parts SET COMPRESSION {name}")
            times[name] = median_ms(way, size, runs)
        first = next(iter(times.values()))
        told = "  ".join(f"{name} {ms:6.1f} ms ({ms / first:4.2f})" for name, ms in times.items())
        print(f"{ANSWERS} answers of {size / 1024:5.1f} KB: {told}")


Run = tuple[uuid.UUID, uuid.UUID]
Way = Callable[[list[Run], str, int], None]


def median_ms(way: Way, size: int, runs: list[Run]) -> float:
    text = words(size)
    times = []
    for tick in range(TICKS):
        begin = time.perf_counter()
        way(runs, text, tick)
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def whole(runs: list[Run], text: str, tick: int) -> None:
    parts = [{"type": "text", "text": f"{text} {tick}"}]
    with transactions.write():
        leases.beat(
            [leases.Checkpoint(message, parts) for message, _ in runs], [run for _, run in runs]
        )


def append(runs: list[Run], text: str, tick: int) -> None:
    """Do the same tick, but append each answer's new text as a row."""
    delta = orjson.dumps([{"type": "text", "text": f"{text[:DELTA_BYTES]} {tick}"}]).decode()
    statement = (
        "INSERT INTO tail (message_id, parts) SELECT message_id, %s "
        "FROM conversations_generation WHERE id = %s AND lease_owner = %s AND status = 'running'"
    )
    with transactions.write():
        with connection.cursor() as cursor:
            cursor.executemany(statement, [(delta, run, leases.PROCESS) for _, run in runs])
        leases.beat([], [run for _, run in runs])


def make_runs() -> list[Run]:
    owner = User.objects.create_user("bench@example.com", None, name="Bench")
    conversation = Conversation.objects.create(owner=owner)
    runs = []
    for _ in range(ANSWERS):
        message = Message.objects.create(conversation=conversation, role="assistant", parts=[])
        generation = Generation.objects.create(
            message=message, status="running", lease_owner=leases.PROCESS
        )
        runs.append((message.pk, generation.pk))
    return runs


def words(size: int) -> str:
    """Return text that compresses about as well as prose."""
    chance = random.Random(1)
    known = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(2000)]
    return " ".join(chance.choices(known, k=size // 5))[:size]


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


if __name__ == "__main__":
    main()

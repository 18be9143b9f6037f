"""The rows of runs while they live: taken by one process, checkpointed, given back.

Every function is one short database call for database/threads.py's threads. A write that finds no
row with our lease means that the run is no longer ours: the caller cancels and publishes nothing.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from conversations.generation.records import approvals, interrupted_usage, ledger, wire_records
from conversations.indexing import writing as search_index
from conversations.models import Connection, Conversation, Generation, Message, UsageRecord
from conversations.upstream.answer.parts import ToolCallPart

# One start of one process: a process that restarts is another owner.
PROCESS = uuid.uuid4()

_CHECKPOINT = """
UPDATE conversations_message SET parts = %s WHERE id = %s AND EXISTS (
    SELECT 1 FROM conversations_generation AS run
    WHERE run.message_id = conversations_message.id
      AND run.lease_owner = %s AND run.status = 'running'
)
"""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The text of an answer so far."""

    message_id: uuid.UUID
    parts: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class CallUsage:
    """One call to an upstream: its tokens as columns, and when it was made."""

    columns: Mapping[str, Any]
    made_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class Ending:
    """What is written when a run ends: its message, and the columns of its generation."""

    parts: Sequence[dict[str, Any]]
    html: str
    html_version: int
    status: str
    columns: dict[str, Any] = field(default_factory=dict)
    # The last call to an upstream, where the ledger has no row of it yet.
    call: CallUsage | None = None
    # What went over the wire, a round each (generation/records/wire_records.py).
    exchanges: Sequence[bytes] = ()
    # The calls about which a person is asked before the answer goes on.
    waiting: Sequence[ToolCallPart] = ()


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a tick of the journal learns: which runs are still ours, which are to stop."""

    held: frozenset[uuid.UUID]
    stopping: frozenset[uuid.UUID]


def taken() -> dict[str, Any]:
    """The columns of a run that is made by the process that will run it (docs/decisions/0009)."""
    return {
        "status": Generation.Status.RUNNING,
        "lease_owner": PROCESS,
        "started_at": timezone.now(),
    }


def beat(checkpoints: Iterable[Checkpoint], running: Sequence[uuid.UUID]) -> Pulse:
    """Write what changed and say that we live: one transaction for all answers of the process.

    One ``executemany``: 100 answers of 8 KB take 1.4 ms on SQLite, ``bulk_update`` 51.
    """
    convert = Message._meta.pk.get_db_prep_value  # noqa: SLF001 (Django's documented Model._meta API)
    owner = convert(PROCESS, connection)
    rows = [
        (orjson.dumps(entry.parts).decode(), convert(entry.message_id, connection), owner)
        for entry in checkpoints
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_CHECKPOINT, rows)
    ours = Generation.objects.filter(pk__in=running, lease_owner=PROCESS, status="running")
    ours.update(heartbeat=Now())
    held = dict(ours.values_list("id", "stop_requested_at"))
    return Pulse(
        held=frozenset(held),
        stopping=frozenset(key for key, requested in held.items() if requested),
    )


def end(generation: Generation, ending: Ending) -> bool:
    """Write the end of a run, its message and its conversation; False when the lease is lost."""
    now = timezone.now()
    written = Generation.objects.filter(
        pk=generation.pk, lease_owner=PROCESS, status=Generation.Status.RUNNING
    ).update(status=ending.status, ended_at=now, parameters=generation.parameters, **ending.columns)
    if not written:
        return False
    message = generation.message
    index = search_index.put_message if message.parts else search_index.put_new_message
    message.parts = list(ending.parts)
    Message.objects.filter(pk=message.pk).update(
        parts=message.parts, html=ending.html, html_version=ending.html_version
    )
    index(message)
    Conversation.objects.filter(pk=message.conversation_id).update(answered_at=now, active_at=now)
    if ending.call is not None:
        ledger.record_answer(generation, ending.call.columns, made_at=ending.call.made_at)
    wire_records.write(generation, ending.exchanges)
    approvals.ask(message, ending.waiting)
    return True


def is_ours(generation: Generation) -> bool:
    """Whether this process still runs it."""
    return Generation.objects.filter(
        pk=generation.pk, lease_owner=PROCESS, status=Generation.Status.RUNNING
    ).exists()


def record_round(generation: Generation, call: CallUsage) -> None:
    """Write a call down whose answer was calls of tools, so that another one follows."""
    if is_ours(generation):
        purpose = UsageRecord.Purpose.TOOL_ROUND
        ledger.record_answer(generation, call.columns, purpose=purpose, made_at=call.made_at)


def remember_refusal(connection_id: uuid.UUID) -> None:
    """The upstream refused ``stream_options``: it is not asked for usage again."""
    Connection.objects.filter(pk=connection_id).update(refuses_stream_options=True)


def interrupt_orphans() -> int:
    """Mark every run as interrupted that no living process can hold; how many there were.

    For the start of the only process of an installation, whose lock on DATA_DIR says that nobody
    else runs (architecture § 4.4). The text that was checkpointed stays, and is in the ledger.
    """
    left = Generation.objects.filter(
        status__in=(Generation.Status.QUEUED, Generation.Status.RUNNING)
    )
    cut_off = Message.objects.filter(generations__in=left).select_related("conversation")
    running = left.filter(status=Generation.Status.RUNNING).select_related(
        "connection", "model", "message__conversation__owner"
    )
    with transaction.atomic():
        search_index.put_messages(cut_off.defer("html"))
        for run in running:
            interrupted_usage.record_call(run)
        return left.update(status=Generation.Status.INTERRUPTED, ended_at=timezone.now())

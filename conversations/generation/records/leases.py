"""The rows of runs while they are produced: leased by one process, checkpointed, ended.

Every function is one short database call for database/threads.py's threads. A write that matches
no row means that the lease is lost: the caller cancels its run and publishes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from conversations.database.compiled_queries import CompiledQuery
from conversations.generation.api_calls import ApiCall
from conversations.generation.records import approvals, interrupted_usage, ledger, wire_records
from conversations.indexing import writing as search_index
from conversations.models import Connection, Conversation, Generation, LanguageModel, Message
from conversations.upstream.answer.parts import ToolCallPart

# The lease owner's id is new at each start, because a process that restarts holds no lease.
PROCESS = uuid.uuid4()

_CHECKPOINT = """
UPDATE conversations_message SET parts = %s WHERE id = %s AND EXISTS (
    SELECT 1 FROM conversations_generation AS run
    WHERE run.message_id = conversations_message.id
      AND run.lease_owner = %s AND run.status = 'running'
)
"""
# The columns that a write beside a run needs; the text of its message can be large.
_runs = Generation.objects.select_related("connection", "message__conversation__owner").only(
    *("started_at", "model", "model_name", "connection_name", "connection__source"),
    *("message__conversation__owner__name", "message__conversation__owner__email"),
    "message__conversation__is_temporary",
)
_run = CompiledQuery[Generation](lambda pk: _runs.filter(pk=pk))
_held = CompiledQuery[Generation](
    lambda pk, process: _runs.filter(pk=pk, lease_owner=process, status=Generation.Status.RUNNING)
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The parts of an answer so far."""

    message_id: uuid.UUID
    parts: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Ending:
    """The last values of a run's rows: its message, its generation, and the rows beside them."""

    parts: Sequence[dict[str, Any]]
    html: str
    html_version: int
    status: str
    columns: Mapping[str, Any] = field(default_factory=dict)
    # Whether the message had an answer before this run, which is then in the search index.
    is_continued: bool = False
    # The last request, where the ledger has no row of it yet.
    call: ApiCall | None = None
    # The packed recordings of all requests (generation/records/wire_records.py).
    recordings: Sequence[bytes] = ()
    # The tool calls that wait for approval before the answer goes on.
    waiting: Sequence[ToolCallPart] = ()
    # Whether the upstream refused ``stream_options``, which it then is not sent again.
    refuses_stream_options: bool = False
    # Whether the model answered only once it was offered no tools, which is remembered.
    refuses_tools: bool = False


@dataclass(frozen=True, slots=True)
class Pulse:
    """The answer to a tick of the journal: the runs that are still ours, those to be stopped."""

    held: frozenset[uuid.UUID]
    stopping: frozenset[uuid.UUID]


def taken() -> dict[str, Any]:
    """Return the columns of a run that is stored by the process that will produce it.

    See docs/decisions/0009-the-price-of-a-message.md.
    """
    return {
        "status": Generation.Status.RUNNING,
        "lease_owner": PROCESS,
        "started_at": timezone.now(),
    }


def read(generation_id: uuid.UUID) -> Generation | None:
    """Read a run with its connection, conversation and owner; None when it was erased."""
    return _run.first(generation_id)


def held(generation_id: uuid.UUID) -> Generation | None:
    """Read a run as ``read`` does; None also when this process does not hold its lease."""
    return _held.first(generation_id, PROCESS)


def beat(checkpoints: Iterable[Checkpoint], running: Sequence[uuid.UUID]) -> Pulse:
    """Store checkpoints and renew the leases of ``running``: one transaction for the process.

    One ``executemany``: 100 answers of 8 KB take 1.4 ms on SQLite, ``bulk_update`` 51.
    """
    convert = Message._meta.pk.get_db_prep_value  # noqa: SLF001 (Django's documented Model._meta API)
    process = convert(PROCESS, connection)
    rows = [
        (orjson.dumps(entry.parts).decode(), convert(entry.message_id, connection), process)
        for entry in checkpoints
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_CHECKPOINT, rows)
    ours = Generation.objects.filter(pk__in=running, lease_owner=PROCESS, status="running")
    ours.update(heartbeat=Now())
    leased = dict(ours.values_list("id", "stop_requested_at"))
    return Pulse(
        held=frozenset(leased),
        stopping=frozenset(key for key, requested in leased.items() if requested),
    )


def end(generation_id: uuid.UUID, ending: Ending) -> bool:
    """Store the end of a run, its message and its conversation; False when the lease is lost."""
    now = timezone.now()
    ours = Generation.objects.filter(
        pk=generation_id, lease_owner=PROCESS, status=Generation.Status.RUNNING
    )
    if not ours.update(status=ending.status, ended_at=now, **ending.columns):
        return False
    [row] = _run(generation_id)
    _store_message(row.message, ending)
    conversation = Conversation.objects.filter(pk=row.message.conversation_id)
    conversation.update(answered_at=now, active_at=now)
    if ending.call is not None:
        _record(row, ending.call)
    if ending.refuses_stream_options and row.connection_id is not None:
        Connection.objects.filter(pk=row.connection_id).update(refuses_stream_options=True)
    if ending.refuses_tools and row.model_id is not None:
        LanguageModel.objects.filter(pk=row.model_id, calls_tools=None).update(calls_tools=False)
    wire_records.write(row, ending.recordings)
    approvals.ask(row.message, ending.waiting)
    return True


def record_round(generation_id: uuid.UUID, call: ApiCall) -> None:
    """Record a request whose response was tool calls, so that another one follows."""
    if (row := held(generation_id)) is not None:
        _record(row, call)


def interrupt_orphans() -> int:
    """Mark all runs without a living process as interrupted and return their number.

    For the start of the only process of an installation, whose lock on DATA_DIR says that no other
    process runs. The text of the last checkpoint is kept, and is in the ledger.
    """
    left = Generation.objects.filter(
        status__in=(Generation.Status.QUEUED, Generation.Status.RUNNING)
    )
    cut_off = Message.objects.filter(generations__in=left).select_related("conversation")
    running = left.filter(status=Generation.Status.RUNNING).select_related(
        "connection", "message__conversation__owner"
    )
    with transaction.atomic():
        search_index.put_messages(cut_off.defer("html"))
        for row in running:
            interrupted_usage.record_call(row)
        return left.update(status=Generation.Status.INTERRUPTED, ended_at=timezone.now())


def _store_message(message: Message, ending: Ending) -> None:
    message.parts = list(ending.parts)
    Message.objects.filter(pk=message.pk).update(
        parts=message.parts, html=ending.html, html_version=ending.html_version
    )
    index = search_index.put_message if ending.is_continued else search_index.put_new_message
    index(message)


def _record(row: Generation, call: ApiCall) -> None:
    ledger.record_answer(row, call.tokens, purpose=call.purpose, made_at=call.made_at)

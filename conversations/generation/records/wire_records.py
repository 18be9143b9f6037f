"""The rows of the wire view: packed in a thread when a run has ended, written with its end."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from conversations.database import threads
from conversations.models import Generation, WireRecord
from conversations.models.wire_records import pack
from conversations.upstream.recording import MAX_RECEIVED_BYTES, Recording

logger = logging.getLogger(__name__)


async def packed(recordings: Sequence[Recording]) -> list[bytes]:
    """Return the recordings of a run as the table stores them; none where packing fails.

    An answer must not be lost because of a fault in the record beside it.
    """
    try:
        return await threads.run_read(_pack, recordings)
    except Exception:
        logger.exception("The record of a run's requests could not be packed")
        return []


def write(generation: Generation, contents: Sequence[bytes]) -> None:
    """Add the rows. Inside the transaction that records the end."""
    WireRecord.objects.bulk_create(
        WireRecord(generation=generation, position=position, content=content)
        for position, content in enumerate(contents)
    )


def _pack(recordings: Sequence[Recording]) -> list[bytes]:
    """Pack recordings whose received bytes are bounded for the whole run together."""
    contents, left = [], MAX_RECEIVED_BYTES
    for recording in recordings:
        account = recording.account(left)
        left -= sum(trial["told_bytes"] for trial in account["trials"])
        contents.append(pack(account))
    return contents

"""Remove files that no row needs any more, and uploads that were never sent."""

from __future__ import annotations

import asyncio
import datetime

from django.utils import timezone

from conversations import file_store
from conversations.database import threads
from conversations.models import Attachment
from conversations.models.attachments import WAITING

INTERVAL = 3600.0
# An upload that was not sent for this long is removed.
WAITS = datetime.timedelta(days=2)
# Seconds that a file may be without a row, because it is stored before its row is.
GRACE = 3600.0


async def sweep(*, grace: float = GRACE) -> None:
    """Remove rows that waited too long, then the files that no row names."""
    await threads.run_write(_delete_waiting)
    for digest in await threads.run_read(_unneeded, grace):
        await asyncio.to_thread(file_store.remove, digest)


def _delete_waiting() -> None:
    overdue = timezone.now() - WAITS
    Attachment.objects.filter(WAITING, created__lt=overdue).delete()


def _unneeded(grace: float) -> list[str]:
    rows = Attachment.objects.values_list("digest", "thumbnail")
    needed = {digest for digests in rows.iterator() for digest in digests}
    return [digest for digest in file_store.older_than(grace) if digest not in needed]

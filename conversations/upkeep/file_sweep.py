"""Files that no row needs any more are removed, and what was attached and never sent."""

from __future__ import annotations

import asyncio
import datetime

from django.utils import timezone

from conversations import file_store
from conversations.database import threads
from conversations.models import Attachment
from conversations.models.attachments import WAITING

INTERVAL = 3600.0
# How long a file waits in a composer.
WAITS = datetime.timedelta(days=2)
# A content is put down before its row is written: what is younger may be about to get one.
GRACE = 3600.0


async def sweep(*, grace: float = GRACE) -> None:
    """Remove rows that waited too long, then the contents that no row has."""
    await threads.run_write(_forget_waiting)
    for digest in await threads.run_read(_forgotten, grace):
        await asyncio.to_thread(file_store.remove, digest)


def _forget_waiting() -> None:
    overdue = timezone.now() - WAITS
    Attachment.objects.filter(WAITING, created__lt=overdue).delete()


def _forgotten(grace: float) -> list[str]:
    rows = Attachment.objects.values_list("digest", "thumbnail")
    needed = {digest for digests in rows.iterator() for digest in digests}
    return [digest for digest in file_store.older_than(grace) if digest not in needed]

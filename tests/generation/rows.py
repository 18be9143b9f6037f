"""Rows of runs in a state that a test needs, without an engine."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone

from conversations.generation.records import leases
from conversations.models import Generation, User
from tests.branches import conversation_of, last_run


def leased_run(
    owner: User, *, process: uuid.UUID | None = None, pairs: int = 1, **columns: Any
) -> Generation:
    """Make the newest answer one that a process is producing: this one, or ``process``."""
    run = last_run(conversation_of(owner, pairs=pairs))
    fields = {
        "status": "running",
        "lease_owner": process or leases.PROCESS,
        "started_at": timezone.now(),
        **columns,
    }
    Generation.objects.filter(pk=run.pk).update(**fields)
    run.refresh_from_db()
    return run

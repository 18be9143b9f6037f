"""The trash: deleted conversations are erased after 30 days."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from conversations.models import Conversation, User
from conversations.upkeep import trash
from tests.branches import conversation_of
from tests.sockets import off_loop

pytestmark = pytest.mark.django_db(transaction=True)


async def test_the_trash_empties_itself(alice: User) -> None:
    def make() -> None:
        for days in (1, 29, 31, 400):
            deleted_at = timezone.now() - datetime.timedelta(days=days)
            conversation_of(alice, title=str(days), deleted_at=deleted_at)
        conversation_of(alice, title="kept")

    await off_loop(make)
    await trash.empty()
    titles = await off_loop(lambda: set(Conversation.objects.values_list("title", flat=True)))
    assert titles == {"1", "29", "kept"}

"""The sweep of files that no row needs."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from conversations import file_store
from conversations.actions import attachments
from conversations.models import Attachment, User
from conversations.upkeep import file_sweep

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_sweep_removes_what_nobody_needs_and_nothing_else(alice: User) -> None:
    kept = attachments.upload(alice, name="kept.txt", content=b"Keep me")
    same = attachments.upload(alice, name="same.txt", content=b"Keep me")
    old = attachments.upload(alice, name="old.txt", content=b"Waited too long")
    Attachment.objects.filter(pk=old.pk).update(created=timezone.now() - file_sweep.WAITS * 2)
    same.delete()
    sweep = async_to_sync(file_sweep.sweep)
    sweep()
    assert file_store.read(old.digest) == b"Waited too long"  # young: its row might just come
    sweep(grace=-1)
    assert Attachment.objects.get() == kept
    assert file_store.read(kept.digest) == b"Keep me"
    with pytest.raises(FileNotFoundError):
        file_store.read(old.digest)

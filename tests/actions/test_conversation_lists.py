"""Changes to several or all conversations at once."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from conversations.actions import conversation_lists as actions
from conversations.actions import folders
from conversations.actions.conversation_lists import Change
from conversations.models import Conversation, Generation, User
from tests.branches import conversation_of, last_run


@pytest.fixture
def three(alice: User) -> list[Conversation]:
    now = timezone.now()
    return [conversation_of(alice, title=str(n), answered_at=now, read_at=now) for n in range(3)]


def titles(rows: object) -> set[str]:
    return {row.title for row in rows}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("what", "back", "column"),
    [
        (Change.PIN, Change.UNPIN, "pinned_at"),
        (Change.ARCHIVE, Change.UNARCHIVE, "archived_at"),
        (Change.DELETE, Change.RESTORE, "deleted_at"),
    ],
)
def test_conversations_are_archived_pinned_and_deleted_and_back(
    alice: User, three: list[Conversation], what: Change, back: Change, column: str
) -> None:
    actions.change(alice, three[:2], what, folder=None)
    assert titles(Conversation.objects.exclude(**{column: None})) == {"0", "1"}
    actions.change(alice, three[:1], back, folder=None)
    assert titles(Conversation.objects.exclude(**{column: None})) == {"1"}


def test_conversations_are_moved_into_a_folder_and_out(
    alice: User, three: list[Conversation]
) -> None:
    work = folders.create(alice, "Work")
    actions.change(alice, three, Change.MOVE, folder=work)
    actions.change(alice, three[:1], Change.MOVE, folder=None)
    assert titles(work.conversations.all()) == {"1", "2"}


def test_conversations_are_marked_read_and_unread(alice: User, three: list[Conversation]) -> None:
    actions.change(alice, three[:2], Change.UNREAD, folder=None)
    assert {row.title for row in Conversation.objects.all() if row.is_unread} == {"0", "1"}
    actions.change(alice, three[:1], Change.READ, folder=None)
    assert {row.title for row in Conversation.objects.all() if row.is_unread} == {"1"}


def test_conversations_of_others_are_left_alone_even_if_named(
    alice: User, bob: User, three: list[Conversation]
) -> None:
    actions.change(bob, three, Change.DELETE, folder=None)
    assert not Conversation.objects.exclude(deleted_at=None).exists()


def test_a_deletion_stops_the_runs(alice: User, three: list[Conversation]) -> None:
    run = last_run(three[0])
    Generation.objects.filter(pk=run.pk).update(status="queued")
    actions.change(alice, three, Change.DELETE, folder=None)
    run.refresh_from_db()
    assert run.status == "stopped"


def test_an_erased_conversation_is_out_of_reach_at_once(
    alice: User, three: list[Conversation]
) -> None:
    actions.change(alice, three, Change.ERASE, folder=None)
    assert Conversation.objects.visible().count() == 3, "only what was deleted before"
    actions.change(alice, three, Change.DELETE, folder=None)
    actions.change(alice, three[:1], Change.ERASE, folder=None)
    assert titles(Conversation.objects.recoverable()) == {"1", "2"}
    assert titles(Conversation.objects.overdue()) == {"0"}


def test_a_change_may_be_for_all_conversations(
    alice: User, bob: User, three: list[Conversation]
) -> None:
    conversation_of(bob, title="Bob's")
    conversation_of(alice, title="Fleeting", is_temporary=True)
    assert actions.archive_all(alice) == 3
    assert actions.delete_all(alice) == 3
    assert titles(Conversation.objects.visible()) == {"Bob's", "Fleeting"}
    assert actions.empty_trash(alice) == 3
    assert not Conversation.objects.recoverable().exists()


def test_deleted_conversations_are_erased_after_thirty_days(alice: User) -> None:
    for days in (29, 31):
        deleted_at = timezone.now() - datetime.timedelta(days=days)
        conversation_of(alice, pairs=0, title=str(days), deleted_at=deleted_at)
    assert titles(Conversation.objects.recoverable()) == {"29"}
    assert titles(Conversation.objects.overdue()) == {"31"}
    assert Conversation.objects.get(title="29").days_left == 1
    assert Conversation.objects.get(title="31").days_left == 0

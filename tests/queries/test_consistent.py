"""A run that is recorded while somebody reads its answer."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from conversations.actions import forks
from conversations.actions.tree import BusyError
from conversations.database import transactions
from conversations.models import Conversation, Generation, Message, ToolApproval, User
from conversations.queries import messages
from conversations.queries.consistent import consistent_read
from conversations.queries.paths import branch_ids
from tests.branches import as_parts, conversation_of
from tests.interleaving import at_each_place, elsewhere

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], Client]
WORDS = "All of the answer"
RUNNING, COMPLETED = Generation.Status.RUNNING, Generation.Status.COMPLETED


class Recorded:
    """A conversation whose last answer is recorded as the engine does: in one transaction."""

    def __init__(self, owner: User) -> None:
        self.conversation = conversation_of(owner, pairs=2)
        self.answer = self.conversation.messages.order_by("id")[3]
        self.question = self.conversation.messages.order_by("id")[2]

    def begin(self) -> None:
        self.put([], RUNNING)

    def end(self) -> None:
        self.put(as_parts(WORDS), COMPLETED)

    def put(self, parts: list[dict[str, str]], status: str) -> None:
        with transactions.write():
            Message.objects.filter(pk=self.answer.pk).update(parts=parts, html="", html_version=0)
            # As if another process ran it, because an orphan would be marked as interrupted.
            Generation.objects.filter(message=self.answer).update(
                status=status, lease_owner=uuid.uuid4(), heartbeat=timezone.now()
            )


@pytest.fixture
def recorded(transactional_db: None, alice: User) -> Recorded:
    return Recorded(alice)


READERS: dict[str, Callable[[Recorded], list[Message]]] = {
    "newest": lambda one: messages.newest(one.conversation).messages,
    "around": lambda one: messages.around(one.answer).messages,
    "ending_with": lambda one: messages.ending_with(one.answer).messages,
    "before": lambda one: messages.before(Message(parent_id=one.answer.pk)).messages,
    "with_runs": lambda one: messages.with_runs(branch_ids(one.answer.pk)),
    "beginning_with": lambda one: _stretch(one).messages,
}


def _stretch(one: Recorded) -> messages.MessagePage:
    stretch = messages.beginning_with(one.conversation, one.question.pk)
    assert stretch is not None
    return stretch


def state(found: list[Message]) -> tuple[str, str]:
    return (found[-1].status, found[-1].text)


@pytest.mark.parametrize("name", READERS)
def test_an_answer_comes_whole_or_not_at_all(recorded: Recorded, name: str) -> None:
    read = READERS[name]
    seen = [
        state(found)
        for found in at_each_place(lambda: read(recorded), before=recorded.begin, act=recorded.end)
    ]
    assert set(seen) <= {(RUNNING, ""), (COMPLETED, WORDS)}
    # Both are there: the run was recorded before the snapshot, and after it.
    assert seen[-1] == (RUNNING, "")
    assert len(seen) > 4


@pytest.mark.only_on("postgresql")
def test_within_a_transaction_no_run_has_ended_without_its_words(recorded: Recorded) -> None:
    def read() -> list[Message]:
        with transaction.atomic():
            return messages.with_runs(branch_ids(recorded.answer.pk))

    for found in at_each_place(read, before=recorded.begin, act=recorded.end):
        assert state(found) in {(RUNNING, ""), (RUNNING, WORDS), (COMPLETED, WORDS)}


@pytest.mark.only_on("postgresql")
def test_a_branch_is_copied_with_all_its_words_or_not(recorded: Recorded) -> None:
    def read() -> str:
        try:
            copy = forks.fork(recorded.answer)
        except BusyError:
            return ""
        assert copy.leaf is not None
        return copy.leaf.text

    texts = at_each_place(read, before=recorded.begin, act=recorded.end)
    assert set(texts) == {"", WORDS}


PAGES: dict[str, Callable[[Recorded], str]] = {
    "page": lambda one: f"/c/{one.conversation.pk}/",
    "thread": lambda one: f"/c/{one.conversation.pk}/thread/",
    "message": lambda one: f"/c/{one.conversation.pk}/messages/{one.answer.pk}/",
    "transcript": lambda one: f"/admin/conversations/conversation/{one.conversation.pk}/change/",
}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_completed_answer_without_its_words(
    rita: User, signed_in: SignIn, name: str
) -> None:
    recorded = Recorded(rita)
    client, path = signed_in(rita), PAGES[name](recorded)

    def read() -> str:
        return client.get(path).content.decode()

    pages = at_each_place(read, before=recorded.begin, act=recorded.end)
    seen = set()
    for page in pages:
        article = page.split(f'data-message-id="{recorded.answer.pk}"')[1].split("</article>")[0]
        has_ended = 'data-status="completed"' in article
        assert has_ended == (WORDS in article)
        seen.add(has_ended)
    assert seen == {True, False}


def test_a_run_that_rests_brings_its_questions(recorded: Recorded) -> None:
    answer = recorded.answer
    ToolApproval.objects.create(
        message=answer,
        call_id="call-1",
        tool="clock",
        expires_at=timezone.now() + datetime.timedelta(hours=1),
    )

    def rest() -> None:
        ToolApproval.objects.update(state=ToolApproval.State.WAITING)
        recorded.put([], Generation.Status.AWAITING_APPROVAL)

    def go_on() -> None:
        with transactions.write():
            ToolApproval.objects.update(state=ToolApproval.State.ALLOWED)
            Generation.objects.filter(message=answer).update(status=RUNNING)

    def read() -> tuple[str, list[str]]:
        [found] = messages.ending_with(answer).messages
        elsewhere(go_on)
        return found.status, [row.state for row in found.approvals.all()]

    for status, states in at_each_place(read, before=rest, act=go_on):
        if status == Generation.Status.AWAITING_APPROVAL:
            assert states == [ToolApproval.State.WAITING]


def test_reading_takes_no_lock_for_writing(recorded: Recorded) -> None:
    with consistent_read():
        assert Conversation.objects.count() == 1
        elsewhere(recorded.begin)
    with transaction.atomic():
        # The lock of the settings is back: on SQLite a transaction has it from its beginning.
        assert connection.in_atomic_block
        assert _mode() in {"IMMEDIATE", ""}


@pytest.mark.only_on("postgresql")
def test_nothing_is_written_in_it(recorded: Recorded) -> None:
    with pytest.raises(Exception, match="read-only"), consistent_read():
        recorded.conversation.save()


def _mode() -> Any:
    return getattr(connection, "transaction_mode", "")

"""Rebuilding of the index, by the command and by the migration that introduced it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from conversations.indexing import rebuilding
from conversations.models import Conversation, SearchPiece, User
from conversations.queries import search
from tests.branches import conversation_of

# The command changes tables, which PostgreSQL refuses inside a test's own transaction.
pytestmark = pytest.mark.django_db(transaction=True)
APP = "conversations"


def found(user: User, text: str) -> int:
    return len(search.search(user, text).hits)


def test_the_command_indexes_everything_and_says_how_much(
    alice: User, bob: User, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rebuilding, "STEP", 3)
    conversation_of(alice, pairs=4, title="Staffing 排班")
    conversation_of(bob, pairs=2, title="Rosters")
    assert found(alice, "staffing") == 0
    for _ in range(2):  # the second run must add nothing
        call_command("rebuild_search_index")
        assert capsys.readouterr().out.strip() == "14 entries are indexed."
    assert found(alice, "排班") == found(alice, "answer") == found(bob, "question 1") == 1
    assert found(alice, "rosters") == 0


def test_what_was_wrong_in_the_index_is_right_afterwards(alice: User) -> None:
    conversation = conversation_of(alice, title="Staffing")
    call_command("rebuild_search_index")
    SearchPiece.objects.filter(message=None).update(words="wrong")
    SearchPiece.objects.filter(message__isnull=False).delete()
    Conversation.objects.filter(pk=conversation.pk).update(title="Rosters")
    call_command("rebuild_search_index")
    assert found(alice, "rosters") == found(alice, "answer") == 1
    assert found(alice, "staffing") == 0


def test_what_is_temporary_is_left_out(alice: User) -> None:
    conversation_of(alice, title="Aside", is_temporary=True)
    call_command("rebuild_search_index")
    assert not SearchPiece.objects.exists()


@pytest.fixture
def before_the_index() -> Iterator[None]:
    """Migrate back to before there was an index, and forward again after the test."""
    MigrationExecutor(connection).migrate([(APP, "0004_fast_compression")])
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.usefixtures("before_the_index")
def test_the_migration_indexes_what_there_was() -> None:
    old = MigrationExecutor(connection).loader.project_state([(APP, "0004_fast_compression")]).apps
    user = old.get_model(APP, "User").objects.create(email="a@example.com", name="A")
    conversation = old.get_model(APP, "Conversation").objects.create(owner=user, title="Staffing")
    old.get_model(APP, "Message").objects.create(
        conversation=conversation, role="user", parts=[{"type": "text", "text": "双十二"}]
    )
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    alice = User.objects.get(pk=user.pk)
    assert found(alice, "staffing") == found(alice, "十二") == 1

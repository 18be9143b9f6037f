"""Compiled queries return the rows of the queryset from which they were made, for any values."""

from __future__ import annotations

import datetime
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.database import compiled_queries
from conversations.database.compiled_queries import CompiledQuery
from conversations.models import Conversation, Message, User

pytestmark = pytest.mark.django_db

by_id = CompiledQuery[Conversation](lambda pk: Conversation.objects.filter(pk=pk))
by_ids = CompiledQuery[Conversation](
    lambda ids: Conversation.objects.select_related("owner").filter(pk__in=ids).order_by("title")
)


@pytest.fixture
def talks(alice: User) -> list[Conversation]:
    titles = ("a", "b", "c")
    return [Conversation.objects.create(owner=alice, title=title) for title in titles]


def columns_of(row: Conversation) -> dict[str, object]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_a_row_is_what_the_queryset_gives(talks: list[Conversation]) -> None:
    for talk in talks:
        [found] = by_id(talk.pk)
        assert columns_of(found) == columns_of(Conversation.objects.get(pk=talk.pk))
        assert not found._state.adding
    assert by_id.first(uuid.uuid4()) is None


def test_rows_that_are_joined_come_along(talks: list[Conversation], alice: User) -> None:
    found = by_ids([talk.pk for talk in reversed(talks)])
    with CaptureQueriesContext(connection) as asked:
        assert [row.owner for row in found] == [alice] * 3
    assert [row.title for row in found] == ["a", "b", "c"]
    assert not asked.captured_queries


def test_a_null_that_is_joined_is_none(talks: list[Conversation]) -> None:
    rows = CompiledQuery[Conversation](
        lambda pk: Conversation.objects.select_related("folder").filter(pk=pk)
    )
    [found] = rows(talks[0].pk)
    assert found.folder is None


def test_lists_of_every_length(talks: list[Conversation], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_queries, "LONGEST", 2)
    ids = [talk.pk for talk in talks]
    for length in range(4):
        for _ in range(2):
            assert [row.pk for row in by_ids(ids[:length])] == ids[:length]


def test_any_number_of_ids(talks: list[Conversation], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_queries, "LONGEST", 2)
    ids = [talk.pk for talk in talks]
    with CaptureQueriesContext(connection) as asked:
        assert {row.pk for row in by_ids.each(ids)} == set(ids)
    assert len(asked) == 2
    assert not list(by_ids.each([]))


def test_each_value_goes_where_it_was_used(talks: list[Conversation], alice: User) -> None:
    rows = CompiledQuery[Conversation](
        lambda owner, title, since: Conversation.objects.filter(
            Q(owner=owner) & (Q(title=title) | Q(title__gt=title)), active_at__gt=since
        ).order_by("title")
    )
    past, future = (timezone.now() + datetime.timedelta(days=days) for days in (-1, 1))
    assert [row.title for row in rows(alice.pk, "b", past)] == ["b", "c"]
    assert [row.title for row in rows(alice.pk, "c", past)] == ["c"]
    assert rows(alice.pk, "a", future) == []
    assert rows(uuid.uuid4(), "a", past) == []


def test_columns_that_are_left_out_are_read_when_they_are_asked_for(
    talks: list[Conversation],
) -> None:
    rows = CompiledQuery[Conversation](lambda pk: Conversation.objects.only("title").filter(pk=pk))
    [found] = rows(talks[0].pk)
    assert found.get_deferred_fields()
    assert found.owner_id == talks[0].owner_id


def test_what_a_row_says_can_be_changed_and_saved(talks: list[Conversation]) -> None:
    [found] = by_id(talks[0].pk)
    found.title = "another"
    found.save(update_fields=["title"])
    talks[0].refresh_from_db()
    assert talks[0].title == "another"


def test_json_is_read(talks: list[Conversation]) -> None:
    parts = [{"type": "text", "text": "Hello"}]
    message = Message.objects.create(conversation=talks[0], role="user", parts=parts)
    [found] = CompiledQuery[Message](lambda pk: Message.objects.filter(pk=pk))(message.pk)
    assert found.parts == parts


@pytest.mark.django_db(transaction=True)
def test_any_thread_may_ask(talks: list[Conversation]) -> None:
    def title_of(talk: Conversation) -> str:
        try:
            return by_id(talk.pk)[0].title
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(title_of, talks * 5)) == ["a", "b", "c"] * 5

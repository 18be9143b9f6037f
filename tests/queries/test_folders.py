from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.actions import folders as actions
from conversations.models import Folder, User
from conversations.queries import folders, sidebar
from tests.branches import conversation_of


def fill(owner: User, folder: Folder, count: int) -> None:
    for number in range(count):
        active_at = timezone.now() - datetime.timedelta(minutes=number)
        conversation_of(owner, pairs=0, title=str(number), folder=folder, active_at=active_at)


def titles(rows: sidebar.Rows) -> list[str]:
    return [row.conversation.title for row in rows.rows]


def test_only_the_opened_ones_bring_their_rows(alice: User, bob: User) -> None:
    work, home = (actions.create(alice, name) for name in ("Work", "Home"))
    inner = actions.create(alice, "Plans", parent=work)
    actions.create(bob, "Bob's")
    fill(alice, work, 2)
    fill(alice, inner, 3)
    conversation_of(alice, pairs=0, folder=work, pinned_at=timezone.now())
    conversation_of(alice, pairs=0, folder=work, archived_at=timezone.now())
    tree = folders.tree(alice, opened={work.pk, inner.pk}, on_their_way={})
    assert [item.folder for item in tree.items] == [work, home]
    first, second = tree.items
    assert first.rows is not None
    assert titles(first.rows) == ["0", "1"]
    assert first.children[0].rows is not None
    assert titles(first.children[0].rows) == ["0", "1", "2"]
    assert (second.rows, second.children) == (None, [])


def test_a_long_one_goes_on_by_key(alice: User) -> None:
    work = actions.create(alice, "Work")
    fill(alice, work, folders.PAGE + 5)
    tree = folders.tree(alice, opened={work.pk}, on_their_way={})
    first = tree.items[0].rows
    assert first is not None
    assert first.last is not None
    rest = folders.rows(work, after=first.last)
    assert titles(first) + titles(rest) == [str(number) for number in range(folders.PAGE + 5)]
    assert rest.last is None


def test_the_first_ones_and_how_many_more(alice: User) -> None:
    for number in range(folders.SHOWN + 3):
        actions.create(alice, str(number))
    tree = folders.tree(alice, opened=(), on_their_way={})
    assert (len(tree.items), tree.more) == (folders.SHOWN, 3)
    tree = folders.tree(alice, opened=(), on_their_way={}, has_all=True)
    assert (len(tree.items), tree.more) == (folders.SHOWN + 3, 0)


@pytest.mark.parametrize("count", [3, 6])
def test_as_many_queries_however_many_are_open(alice: User, count: int) -> None:
    made = [actions.create(alice, str(number)) for number in range(count)]
    for folder in made:
        fill(alice, folder, count)
    with CaptureQueriesContext(connection) as queries:
        folders.tree(alice, opened={folder.pk for folder in made}, on_their_way={})
    assert len(queries) == 3


def test_choices_are_in_order_with_the_inner_ones_after_theirs(alice: User) -> None:
    work, _home = (actions.create(alice, name) for name in ("Work", "Home"))
    actions.create(alice, "Plans", parent=work)
    found = [(choice.folder.name, choice.depth) for choice in folders.choices(alice)]
    assert found == [("Work", 0), ("Plans", 1), ("Home", 0)]

"""Folders: order, depth, and the conversations in a deleted one."""

from __future__ import annotations

import pytest

from conversations.actions import folders
from conversations.models import Folder, User
from tests.branches import conversation_of


def names(owner: User, parent: Folder | None = None) -> list[str]:
    return [folder.name for folder in Folder.objects.filter(owner=owner, parent=parent)]


@pytest.fixture
def work(alice: User) -> Folder:
    return folders.create(alice, "Work")


def test_a_new_folder_is_last(alice: User, work: Folder, bob: User) -> None:
    folders.create(bob, "Bob's")
    folders.create(alice, "Home")
    folders.create(alice, "Plans", parent=work)
    assert names(alice) == ["Work", "Home"]
    assert names(alice, work) == ["Plans"]


def test_a_folder_may_be_in_another_and_no_deeper(alice: User, work: Folder) -> None:
    plans = folders.create(alice, "Plans", parent=work)
    home = folders.create(alice, "Home")
    with pytest.raises(folders.NestingError):
        folders.create(alice, "Deeper", parent=plans)
    for folder, parent in ((home, plans), (work, home), (home, home)):
        with pytest.raises(folders.NestingError):
            folders.place(folder, parent=parent)
    assert names(alice) == ["Work", "Home"]


def test_the_number_of_folders_is_limited(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST", 2)
    folders.create(alice, "One")
    folders.create(alice, "Two")
    with pytest.raises(folders.TooManyFoldersError):
        folders.create(alice, "Three")


def test_folders_are_reordered_and_moved_into_another(alice: User) -> None:
    a, b, c = (folders.create(alice, name) for name in "ABC")
    folders.place(c, parent=None, before=a)
    assert names(alice) == ["C", "A", "B"]
    folders.place(c, parent=None)
    assert names(alice) == ["A", "B", "C"]
    folders.place(a, parent=b)
    assert (names(alice), names(alice, b)) == (["B", "C"], ["A"])
    folders.place(Folder.objects.get(pk=a.pk), parent=None, before=c)
    assert names(alice) == ["B", "A", "C"]


def test_a_folder_moves_step_by_step_to_the_end_and_no_further(alice: User) -> None:
    a = folders.create(alice, "A")
    for name in "BC":
        folders.create(alice, name)
    order = []
    for by in (-1, 1, 1, 1):
        folders.shift(Folder.objects.get(pk=a.pk), by=by)
        order.append("".join(names(alice)))
    assert order == ["ABC", "BAC", "BCA", "BCA"]


def test_the_content_of_a_deleted_folder_moves_up(alice: User, work: Folder) -> None:
    inner = folders.create(alice, "Plans", parent=work)
    deep = conversation_of(alice, pairs=0, folder=inner)
    flat = conversation_of(alice, pairs=0, folder=work)
    folders.delete(inner)
    deep.refresh_from_db()
    assert deep.folder == work
    folders.create(alice, "Kept", parent=work)
    folders.delete(work)
    for conversation in (deep, flat):
        conversation.refresh_from_db()
        assert conversation.folder is None
    assert names(alice) == ["Kept"]

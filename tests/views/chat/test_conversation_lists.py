"""The pages of lists and folders, and the route that changes conversations."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conversations.actions import folders as actions
from conversations.models import Conversation, Folder, User
from tests.branches import conversation_of
from tests.html import tight
from tests.views.markup import assert_strict

SignIn = Callable[[User], Client]
CHANGES = "/conversations/changes/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def work(alice: User) -> Folder:
    return actions.create(alice, "Work & <more>")


@pytest.fixture
def rows(alice: User, work: Folder) -> dict[str, Conversation]:
    now = timezone.now()
    return {
        "plain": conversation_of(alice, title="Plain"),
        "pinned": conversation_of(alice, title="Pinned one", pinned_at=now),
        "filed": conversation_of(alice, title="Filed", folder=work),
        "archived": conversation_of(alice, title="Put away", archived_at=now),
        "deleted": conversation_of(alice, title="Thrown away", deleted_at=now),
        "temporary": conversation_of(alice, title="Fleeting", is_temporary=True),
    }


def titles(html: str) -> set[str]:
    every = ("Plain", "Pinned one", "Filed", "Put away", "Thrown away", "Fleeting")
    main = tight(html[html.index("<main") :])
    return {title for title in every if f">{title}<" in main}


def test_each_list_has_its_own(
    alice: User, work: Folder, rows: dict[str, Conversation], signed_in: SignIn
) -> None:
    client = signed_in(alice)
    found = {
        name: titles(client.get(url).content.decode())
        for name, url in {
            "all": reverse("conversation_list"),
            "archived": reverse("archived_list"),
            "deleted": reverse("deleted_list"),
            "folder": reverse("folder", args=[work.pk]),
        }.items()
    }
    assert found == {
        "all": {"Plain", "Pinned one", "Filed"},
        "archived": {"Put away"},
        "deleted": {"Thrown away"},
        "folder": {"Filed"},
    }


def test_the_sidebar_shows_each_in_one_place(
    alice: User, work: Folder, rows: dict[str, Conversation], signed_in: SignIn
) -> None:
    client = signed_in(alice)
    html = client.get(reverse("sidebar")).content.decode()
    shown = re.findall(r'data-id="([^"]+)"', html)
    assert shown == [str(rows["pinned"].pk), str(rows["plain"].pk)]
    client.cookies["folders"] = f"nonsense.{work.pk}"
    html = client.get(reverse("sidebar_folders")).content.decode()
    assert str(rows["filed"].pk) in html
    assert "Work &amp; &lt;more&gt;" in html


def test_the_folder_of_what_is_open_is_unfolded(
    alice: User, rows: dict[str, Conversation], signed_in: SignIn
) -> None:
    client = signed_in(alice)
    url = reverse("conversation", args=[rows["filed"].pk])
    assert f'data-id="{rows["filed"].pk}"' in client.get(url).content.decode()


def test_a_change_by_a_plain_form_and_by_script(
    alice: User, rows: dict[str, Conversation], signed_in: SignIn
) -> None:
    client = signed_in(alice)
    fields = {"conversation": [rows["plain"].pk, rows["filed"].pk], "change": "archive"}
    answer = client.post(CHANGES, {**fields, "next": "/conversations/"}, follow=True)
    assert "2 conversations archived" in answer.content.decode()
    answer = client.post(CHANGES, {**fields, "change": "delete"}, headers=JSON)
    assert answer.json() == {"told": "2 conversations deleted", "undo": "restore"}
    answer = client.post(CHANGES, {**fields, "change": "restore"}, headers=JSON)
    assert answer.json() == {"told": "2 conversations restored", "undo": ""}


def test_it_goes_on_within_this_site_only(
    alice: User, rows: dict[str, Conversation], signed_in: SignIn
) -> None:
    fields = {"conversation": rows["plain"].pk, "change": "pin", "next": "//evil.example/"}
    answer = signed_in(alice).post(CHANGES, fields)
    assert answer["Location"] == reverse("conversation_list")


def test_what_cannot_be_done_is_said(alice: User, rows: object, signed_in: SignIn) -> None:
    client = signed_in(alice)
    answer = client.post(CHANGES, {"change": "archive"}, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == "Select at least one conversation."
    answer = client.post(CHANGES, {"change": "archive"}, follow=True)
    assert "Select at least one conversation." in answer.content.decode()


def test_for_good_only_after_a_question(
    alice: User, rows: dict[str, Conversation], signed_in: SignIn
) -> None:
    client = signed_in(alice)
    fields = {"conversation": rows["deleted"].pk, "change": "erase"}
    html = client.post(CHANGES, fields).content.decode()
    assert "Delete 1 conversation for good?" in html
    assert str(rows["deleted"].pk) in html[html.index("<main") :]
    assert Conversation.objects.recoverable().count() == 1
    client.post(CHANGES, {**fields, "confirmed": "yes"})
    assert Conversation.objects.recoverable().count() == 0
    restoration = reverse("restoration", args=[rows["deleted"].pk])
    assert client.post(restoration).status_code == 404


def test_emptying_asks_too(alice: User, rows: object, signed_in: SignIn) -> None:
    client = signed_in(alice)
    url = reverse("trash_emptying")
    assert "Delete everything in Deleted for good?" in client.post(url).content.decode()
    assert Conversation.objects.recoverable().count() == 1
    assert client.post(url, {"confirmed": "yes"}).status_code == 302
    assert Conversation.objects.recoverable().count() == 0


def test_folders_are_made_named_moved_and_removed(
    alice: User, work: Folder, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    made = client.post(reverse("folder_create"), {"name": "Home"}, headers=JSON).json()
    args = [made["id"]]
    assert client.post(reverse("folder_name", args=args), {"name": "House"}).status_code == 302
    assert client.post(reverse("folder_place", args=args), {"by": "-1"}).status_code == 302
    assert [folder.name for folder in Folder.objects.all()] == ["House", "Work & <more>"]
    assert client.post(reverse("folder_place", args=args), {"parent": work.pk}).status_code == 302
    assert Folder.objects.get(name="House").parent == work
    assert client.post(reverse("folder_deletion", args=args)).status_code == 302
    assert Folder.objects.count() == 1


@pytest.mark.parametrize("name", ["", " ", "x" * 101])
def test_a_folder_needs_a_name(alice: User, signed_in: SignIn, name: str) -> None:
    answer = signed_in(alice).post(reverse("folder_create"), {"name": name}, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["error"]["message"].endswith(".")


def test_too_deep_and_too_many_are_told(
    alice: User, work: Folder, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = actions.create(alice, "Inner", parent=work)
    client = signed_in(alice)
    fields = {"name": "Deep", "parent": inner.pk}
    answer = client.post(reverse("folder_create"), fields, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "nesting")
    url = reverse("folder_place", args=[work.pk])
    assert client.post(url, {"parent": inner.pk}, headers=JSON).status_code == 409
    monkeypatch.setattr(actions, "MOST", 2)
    answer = client.post(reverse("folder_create"), {"name": "One more"}, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "too_many")


def test_a_stranger_finds_nothing(
    alice: User,
    charlie: User,
    work: Folder,
    rows: dict[str, Conversation],
    signed_in: SignIn,
) -> None:
    client = signed_in(charlie)
    theirs = [row.pk for row in rows.values()]
    for change in ("pin", "archive", "delete", "restore", "erase", "move", "read", "unread"):
        fields: dict[str, Any] = {"conversation": theirs, "change": change, "confirmed": "yes"}
        assert client.post(CHANGES, fields).status_code == 404
    own = conversation_of(charlie)
    fields = {"conversation": own.pk, "change": "move", "folder": work.pk}
    assert client.post(CHANGES, fields).status_code == 404
    reads = ["folder", "sidebar_folder"]
    writes = ["folder_name", "folder_place", "folder_deletion"]
    for name in (*reads, *writes):
        url = reverse(name, args=[work.pk])
        answer = client.get(url) if name in reads else client.post(url, {"name": "Mine"})
        assert answer.status_code == 404, name
    for fields in ({"parent": work.pk}, {"name": "X", "parent": work.pk}):
        mine = actions.create(charlie, "Mine")
        for url in (reverse("folder_place", args=[mine.pk]), reverse("folder_create")):
            answer = client.post(url, {"name": "X", **fields})
            assert answer.status_code == 404
    choices = reverse("folder_choices")
    assert client.get(f"{choices}?conversation={rows['plain'].pk}").status_code == 404
    for url in (choices, *map(reverse, ("conversation_list", "archived_list", "deleted_list"))):
        html = tight(client.get(url).content.decode())
        assert not any(f">{row.title}<" in html for row in rows.values())
        assert "Work &amp;" not in html
    work.refresh_from_db()
    assert work.name == "Work & <more>"


def test_nobody_is_led_to_the_sign_in(alice: User, work: Folder) -> None:
    for name in ("conversation_list", "archived_list", "deleted_list", "folder_choices"):
        assert Client().get(reverse(name)).status_code == 302
    for url in (CHANGES, reverse("folder_create"), reverse("trash_emptying")):
        assert Client().post(url).status_code == 302


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_strict_html_in_both_languages(
    alice: User, work: Folder, rows: dict[str, Conversation], signed_in: SignIn, language: str
) -> None:
    alice.language = language
    alice.save()
    client = signed_in(alice)
    urls = [reverse(name) for name in ("conversation_list", "archived_list", "deleted_list")]
    moving = f"{reverse('folder_choices')}?conversation={rows['plain'].pk}"
    for url in (*urls, reverse("folder", args=[work.pk]), moving):
        assert_strict(client.get(url).content.decode())


@pytest.mark.parametrize("name", ["conversation_list", "archived_list", "deleted_list", "folder"])
def test_ten_and_twenty_cost_the_same(
    alice: User, work: Folder, signed_in: SignIn, name: str
) -> None:
    client = signed_in(alice)
    states = {"archived_list": "archived_at", "deleted_list": "deleted_at"}
    costs = []
    for count in (10, 20):
        for number in range(count):
            extra: dict[str, Any] = {states[name]: timezone.now()} if name in states else {}
            conversation_of(alice, title=str(number), folder=work, **extra)
            actions.create(alice, str(number), parent=work)
        client.cookies["folders"] = str(work.pk)
        url = reverse(name, args=[work.pk] if name == "folder" else [])
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_long_list_goes_on(alice: User, signed_in: SignIn) -> None:
    for number in range(55):
        conversation_of(alice, pairs=0, title=f"Talk {number:02}")
    client = signed_in(alice)
    url = reverse("conversation_list")
    html = client.get(url).content.decode()
    more = re.search(r'href="(\?after=[^"]+)"', html)
    assert more
    older = client.get(url + more[1]).content.decode()
    assert ">Talk 04<" in tight(older[older.index("<main") :])
    assert client.get(f"{url}?after=nonsense").status_code == 404


def test_pinned_ones_go_on_too(alice: User, signed_in: SignIn) -> None:
    for number in range(15):
        conversation_of(alice, pairs=0, title=f"Talk {number:02}", pinned_at=timezone.now())
    client = signed_in(alice)
    html = client.get(reverse("sidebar")).content.decode()
    more = re.search(r'hx-get="([^"]+pinned[^"]+)"', html)
    assert more
    assert 'title="Talk 04"' not in html
    assert 'title="Talk 04"' in client.get(more[1]).content.decode()

"""Folders that cannot be made or moved: the reason, for scripts and for plain forms."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from conversations.actions import folders
from conversations.models import Folder, User

SignedIn = Callable[[User], Client]
SCRIPT = {"accept": "application/json"}


@pytest.fixture
def work(alice: User) -> Folder:
    return Folder.objects.create(owner=alice, name="Work", position=0)


def test_a_folder_within_a_folder_holds_no_other(
    alice: User, work: Folder, signed_in: SignedIn
) -> None:
    inner = Folder.objects.create(owner=alice, name="Inner", parent=work, position=0)
    refused = signed_in(alice).post(
        "/folders/", {"name": "Third", "parent": inner.pk}, headers=SCRIPT
    )
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "nesting"
    assert "one level deep" in refused.json()["error"]["message"]


def test_there_is_an_end_to_folders(
    alice: User, work: Folder, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "MOST", 1)
    refused = signed_in(alice).post("/folders/", {"name": "More"}, headers=SCRIPT)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "too_many")
    assert "You have 1 folders" in refused.json()["error"]["message"]


def test_a_wrong_place_is_told_in_text(alice: User, work: Folder, signed_in: SignedIn) -> None:
    refused = signed_in(alice).post(f"/folders/{work.pk}/place/", {"by": "far"}, headers=SCRIPT)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "place")
    assert refused.json()["error"]["message"] == "Enter a whole number."


def test_a_plain_form_sees_the_reason_on_its_page(
    alice: User, work: Folder, signed_in: SignedIn
) -> None:
    page = signed_in(alice).post(f"/folders/{work.pk}/name/", {"name": ""}, follow=True)
    assert page.redirect_chain == [(f"/folders/{work.pk}/", 302)]
    assert "A folder needs a name." in page.content.decode()

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from conversations.models import Folder, User

SignedIn = Callable[[User], Client]


def test_a_folder_has_a_prompt_that_its_new_chats_show(alice: User, signed_in: SignedIn) -> None:
    folder = Folder.objects.create(owner=alice, name="Work")
    client = signed_in(alice)
    answer = client.post(f"/folders/{folder.pk}/prompt/", {"system_prompt": "At work\r\nalways"})
    assert answer.status_code == 302
    folder.refresh_from_db()
    assert folder.system_prompt == "At work\nalways"
    assert "At work\nalways" in client.get(f"/folders/{folder.pk}/").content.decode()
    page = client.get(f"/?folder={folder.pk}").content.decode()
    assert f'name="folder" value="{folder.pk}"' in page
    assert "At work always (the folder’s)" in page


def test_a_strangers_folder_is_not_there(alice: User, charlie: User, signed_in: SignedIn) -> None:
    folder = Folder.objects.create(owner=alice, name="Work")
    client = signed_in(charlie)
    url = f"/folders/{folder.pk}/prompt/"
    assert client.post(url, {"system_prompt": "Mine"}).status_code == 404
    assert client.get(f"/?folder={folder.pk}").status_code == 404
    sent = client.post("/c/", {"text": "Hi", "model": "gpt-5.4", "folder": folder.pk})
    assert sent.status_code == 404

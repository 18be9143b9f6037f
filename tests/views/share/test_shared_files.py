"""Files of a shared conversation, in the snapshot and in a copy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from conversations.actions import attachments
from conversations.actions import sharing as actions
from conversations.actions.conversations import delete
from conversations.models import Attachment, Conversation, Message, ShareLink, User
from conversations.models.sharing import SharingPolicy
from tests.branches import conversation_of
from tests.file_reading.files import picture

SignIn = Callable[[User], Client]


@pytest.fixture
def link(alice: User, rita: User) -> ShareLink:
    """Share a conversation that begins with an image and no text."""
    actions.change_audience(SharingPolicy.Audience.PUBLIC, actor=rita)
    row = conversation_of(alice, pairs=1, title="Staffing")
    first = Message.objects.get(conversation=row, parent=None)
    Message.objects.filter(pk=first.pk).update(parts=[])
    file = attachments.upload(alice, name="chart.png", content=picture())
    Attachment.objects.filter(pk=file.pk).update(message=first)
    assert row.leaf
    return actions.share(row, until=row.leaf, user=alice, terms=actions.Terms())


def path_of(link: ShareLink) -> str:
    file = Attachment.objects.get(shared_message__link=link)
    return f"/share/{link.token}/files/{file.pk}/"


def test_the_snapshot_shows_it_to_whom_it_opens(link: ShareLink) -> None:
    page = Client().get(f"/share/{link.token}/").content.decode()
    assert f'<img src="{path_of(link)}"' in page
    served = Client().get(path_of(link))
    assert (served.status_code, served["Content-Type"]) == (200, "image/png")
    assert served["X-Robots-Tag"].startswith("noindex")
    assert served["Content-Security-Policy"].startswith("sandbox;")


def test_it_opens_with_its_link_only(link: ShareLink, alice: User, rita: User) -> None:
    url = path_of(link)
    other = Attachment.objects.get(shared_message=None)
    assert Client().get(f"/share/{link.token}/files/{other.pk}/").status_code == 404
    assert Client().get(f"/attachments/{other.pk}/").status_code == 302
    actions.change_audience(SharingPolicy.Audience.TEAM, actor=rita)
    assert Client().get(url)["Location"].startswith("/accounts/login/")
    actions.change_audience(SharingPolicy.Audience.PUBLIC, actor=rita)
    delete(Conversation.objects.get(owner=alice))
    assert Client().get(url).status_code == 404
    actions.revoke(link, user=alice)
    assert Client().get(url).status_code == 404
    assert Attachment.objects.count() == 1


def test_a_locked_link_keeps_its_files(alice: User, link: ShareLink) -> None:
    row = Conversation.objects.get(owner=alice)
    assert row.leaf
    terms = actions.Terms(password="open sesame")
    locked = actions.share(row, until=row.leaf, user=alice, terms=terms)
    assert Client().get(path_of(locked))["Location"] == f"/share/{locked.token}/"


def test_a_copy_has_files_of_its_own(link: ShareLink, bob: User, signed_in: SignIn) -> None:
    client = signed_in(bob)
    assert client.post(f"/share/{link.token}/copy/").status_code == 302
    file = Attachment.objects.get(message__conversation__owner=bob)
    assert file.owner == bob
    assert client.get(f"/attachments/{file.pk}/").status_code == 200
    Conversation.objects.exclude(owner=bob).delete()
    assert client.get(f"/attachments/{file.pk}/").status_code == 200

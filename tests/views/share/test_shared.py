"""The page /share/<token>/: permissions, content, the password, and copies."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.actions import sharing as actions
from conversations.actions.conversations import delete, restore
from conversations.actions.sharing import Terms
from conversations.models import (
    Conversation,
    Generation,
    SearchPiece,
    SharedMessage,
    ShareLink,
    User,
)
from conversations.models.sharing import SharingPolicy
from conversations.rendering import stream
from tests.admin.content import HOSTILE
from tests.branches import as_parts, conversation_of
from tests.html import tight

SignIn = Callable[[User], Client]
Audience = SharingPolicy.Audience
UNKNOWN = "/share/" + "A" * 43 + "/"
PASSWORD = "open sesame"


@pytest.fixture(autouse=True)
def _no_tries() -> None:
    """Reset the count of wrong passwords."""
    cache.clear()


@pytest.fixture
def public(rita: User) -> None:
    actions.change_audience(Audience.PUBLIC, actor=rita)


def shared(row: Conversation, **terms: object) -> ShareLink:
    assert row.leaf
    return actions.share(
        row,
        until=row.leaf,
        user=row.owner,
        terms=Terms(**terms),  # type: ignore[arg-type]
    )


def path_of(link: ShareLink) -> str:
    return f"/share/{link.token}/"


@pytest.fixture
def link(alice: User) -> ShareLink:
    return shared(conversation_of(alice, pairs=2, title="Staffing"))


def test_anyone_reads_it_where_links_are_public(link: ShareLink, public: None) -> None:
    response = Client().get(path_of(link))
    text = tight(response.content.decode())
    assert response.status_code == 200
    assert "Answer <strong>1</strong>" in text
    assert "Shared by <bdi>Alice</bdi>" in text
    assert "4 messages<" in text
    assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in text
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_nothing_of_the_account_is_on_it(link: ShareLink, public: None) -> None:
    Generation.objects.update(prompt_tokens=1284, connection_name="Secret connection")
    text = Client().get(path_of(link)).content.decode()
    conversation = link.conversation
    hidden = [
        str(conversation.pk),
        "alice@",
        "1284",
        "1,284",
        "Secret connection",
        "/c/",
        "<conversation-list",
    ]
    hidden += [str(pk) for pk in conversation.messages.values_list("pk", flat=True)]
    assert [word for word in hidden if word in text] == []


def test_the_team_only_after_signing_in(link: ShareLink, bob: User, signed_in: SignIn) -> None:
    for path in (path_of(link), UNKNOWN):
        response = Client().get(path)
        assert (response.status_code, response["Location"]) == (
            302,
            f"/accounts/login/?next={path}",
        )
        assert response["X-Robots-Tag"]
    assert signed_in(bob).get(path_of(link)).status_code == 200


def test_off_is_off_for_everybody(
    link: ShareLink, alice: User, bob: User, rita: User, signed_in: SignIn
) -> None:
    actions.change_audience(Audience.OFF, actor=rita)
    for client in (Client(), signed_in(alice), signed_in(bob), signed_in(rita)):
        assert client.get(path_of(link)).status_code == 404


def test_every_link_that_does_not_open_is_the_same_404(
    alice: User, rita: User, public: None
) -> None:
    row = conversation_of(alice)
    expired, revoked = shared(row, expires_at=timezone.now()), shared(row)
    actions.revoke(ShareLink.objects.get(pk=revoked.pk), user=alice)
    paths = [path_of(expired), path_of(revoked), UNKNOWN, "/share/x/"]
    answers = [Client().get(path) for path in paths]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_deleting_stops_it_and_undo_brings_it_back(link: ShareLink, public: None) -> None:
    delete(link.conversation)
    assert Client().get(path_of(link)).status_code == 404
    restore(link.conversation)
    assert Client().get(path_of(link)).status_code == 200


def test_links_of_the_disabled_do_not_open(link: ShareLink, alice: User, public: None) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert Client().get(path_of(link)).status_code == 404


def test_what_happens_later_is_not_in_it(link: ShareLink, public: None) -> None:
    before = Client().get(path_of(link)).content.decode()
    link.conversation.messages.update(parts=as_parts("Changed"), html="", html_version=0)
    Conversation.objects.update(title="Renamed")
    after = Client().get(path_of(link)).content.decode()
    assert "Changed" not in after
    assert "Renamed" not in after
    assert before.partition("<article")[2] == after.partition("<article")[2]


def test_another_renderer_draws_it_anew(link: ShareLink, public: None) -> None:
    rows = SharedMessage.objects.filter(role="assistant")
    rows.update(html="<p>Old drawing</p>", html_version=stream.VERSION)
    assert "Old drawing" in Client().get(path_of(link)).content.decode()
    rows.update(html_version=stream.VERSION - 1)
    text = Client().get(path_of(link)).content.decode()
    assert "Old drawing" not in text
    assert "Answer <strong>1</strong>" in text


def test_what_was_cut_off_says_so_without_saying_by_whom(alice: User, public: None) -> None:
    row = conversation_of(alice)
    Generation.objects.update(status="stopped")
    text = Client().get(path_of(shared(row))).content.decode()
    assert "This reply is not complete." in text
    assert "You stopped" not in text


def test_hostile_content_is_text(alice: User, public: None) -> None:
    alice.name = HOSTILE
    alice.save()
    row = conversation_of(alice, title=HOSTILE)
    row.messages.update(parts=[{"type": "reasoning", "text": HOSTILE}, *as_parts(HOSTILE)])
    Generation.objects.update(model=None, model_name=HOSTILE)
    text = Client().get(path_of(shared(row, with_reasoning=True))).content.decode()
    assert "<script>window" not in text
    assert '<img src="/x"' not in text
    assert text.count("&lt;script&gt;window") >= 6


def test_a_long_one_comes_in_stretches(alice: User, public: None) -> None:
    link = shared(conversation_of(alice, pairs=120))
    first = Client().get(path_of(link)).content.decode()
    assert first.count("<article") == 100
    assert 'href="?after=99"' in first
    last = Client().get(f"{path_of(link)}?after=199").content.decode()
    assert last.count("<article") == 40
    assert "Question 100<" in last
    assert "Show more messages" not in last
    assert last.count("turn__day") == 0
    for odd in ("-1", "x", "9" * 40, "²"):
        again = Client().get(f"{path_of(link)}?after={odd}").content.decode()
        assert again.partition("<article")[2] == first.partition("<article")[2]


def test_longer_ones_cost_as_many_queries(alice: User, public: None) -> None:
    costs = []
    Client().get(UNKNOWN)
    for pairs in (5, 60):
        link = shared(conversation_of(alice, pairs=pairs))
        with CaptureQueriesContext(connection) as queries:
            Client().get(path_of(link))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 6


def unlock(client: Client, link: ShareLink, password: str) -> int:
    return client.post(path_of(link), {"password": password}).status_code


def test_a_password_is_asked_once_in_a_session(alice: User, public: None) -> None:
    row = conversation_of(alice, title="Staffing")
    link, other = shared(row, password=PASSWORD), shared(row, password=PASSWORD)
    client = Client()
    asked = client.get(path_of(link))
    assert "Password needed" in asked.content.decode()
    assert "Staffing" not in asked.content.decode()
    assert "Alice" not in asked.content.decode()
    assert unlock(client, link, "wrong one") == 422
    assert "Staffing" not in client.get(path_of(link)).content.decode()
    assert unlock(client, link, PASSWORD) == 302
    assert "Staffing" in client.get(path_of(link)).content.decode()
    assert "Password needed" in client.get(path_of(other)).content.decode()
    assert "Password needed" in Client().get(path_of(link)).content.decode()


def test_its_own_person_needs_no_password(alice: User, signed_in: SignIn) -> None:
    link = shared(conversation_of(alice, title="Staffing"), password=PASSWORD)
    assert "Staffing" in signed_in(alice).get(path_of(link)).content.decode()


def test_guessing_is_limited_and_other_links_are_not_touched(alice: User, public: None) -> None:
    row = conversation_of(alice)
    link, other = shared(row, password=PASSWORD), shared(row, password=PASSWORD)
    assert [unlock(Client(), link, f"guess {n}") for n in range(6)] == [422] * 5 + [429]
    assert unlock(Client(), link, PASSWORD) == 429
    assert unlock(Client(), other, PASSWORD) == 302


def test_the_form_needs_its_token(alice: User, public: None) -> None:
    link = shared(conversation_of(alice), password=PASSWORD)
    client = Client(enforce_csrf_checks=True)
    assert unlock(client, link, PASSWORD) == 403


def copy_path(link: ShareLink) -> str:
    return f"{path_of(link)}copy/"


def test_a_copy_is_ones_own(alice: User, bob: User, link: ShareLink, signed_in: SignIn) -> None:
    Generation.objects.filter(message=link.conversation.leaf_id).update(status="stopped")
    link = shared(link.conversation)
    client = signed_in(bob)
    response = client.post(copy_path(link))
    copy = Conversation.objects.get(owner=bob)
    assert response["Location"] == f"/c/{copy.pk}/"
    assert (copy.title, copy.model and copy.model.name) == ("Staffing", "gpt-5.4")
    text = client.get(f"/c/{copy.pk}/").content.decode()
    assert text.count("data-message-id=") == 4
    assert "Answer <strong>1</strong>" in text
    assert 'data-speaker="gpt-5.4"' in text
    assert copy.leaf
    statuses = [message.status for message in copy.messages.filter(role="assistant")]
    assert statuses == ["completed", "interrupted"]
    actions.revoke(ShareLink.objects.get(pk=link.pk), user=alice)
    assert client.get(f"/c/{copy.pk}/").status_code == 200
    # The search finds the title and each message.
    assert SearchPiece.objects.filter(conversation=copy).count() == 5


def test_a_copy_needs_all_that_the_page_needs(
    alice: User, bob: User, rita: User, link: ShareLink, signed_in: SignIn
) -> None:
    client = signed_in(bob)
    assert Client().post(copy_path(link)).status_code == 302
    assert client.get(copy_path(link)).status_code == 405
    locked = shared(link.conversation, password=PASSWORD)
    assert client.post(copy_path(locked))["Location"] == path_of(locked)
    expired = shared(link.conversation, expires_at=timezone.now() - datetime.timedelta(1))
    assert client.post(copy_path(expired)).status_code == 404
    actions.change_audience(Audience.OFF, actor=rita)
    assert client.post(copy_path(link)).status_code == 404
    assert not Conversation.objects.filter(owner=bob).exists()


def test_a_copy_counts_as_nothing_asked(bob: User, link: ShareLink, signed_in: SignIn) -> None:
    signed_in(bob).post(copy_path(link))
    asked = Generation.objects.filter(message__conversation__owner=bob)
    recent = timezone.now() - datetime.timedelta(minutes=1)
    assert asked.count() == 2
    assert not asked.filter(created__gt=recent).exists()

"""Transcripts for administrators: logged before they are shown, and read-only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations.models import AuditEntry, Conversation, Generation, Message, User
from tests.admin.content import HOSTILE, converse

SignIn = Callable[[User], Client]


def path_of(row: Conversation) -> str:
    return f"/admin/conversations/conversation/{row.pk}/change/"


def openings() -> int:
    return AuditEntry.objects.filter(kind=AuditEntry.Kind.CONVERSATION_OPENED).count()


def test_each_opening_of_somebody_elses_is_recorded(
    alice: User, rita: User, signed_in: SignIn
) -> None:
    row = converse(alice)
    client = signed_in(rita)
    for count in (1, 2):
        assert "To <strong>Where to?</strong>" in client.get(path_of(row)).content.decode()
        assert openings() == count
    entry = AuditEntry.objects.latest("id")
    assert (entry.actor_name, entry.person_name, entry.object_name) == ("Rita", "Alice", "Travel")
    mine = converse(rita)
    assert client.get(path_of(mine)).status_code == 200
    assert openings() == 2


def test_only_the_owner_sees_who_read(
    alice: User, bob: User, rita: User, signed_in: SignIn
) -> None:
    signed_in(rita).get(path_of(converse(alice, title="Secret plans")))
    text = signed_in(alice).get("/settings/security/").content.decode()
    assert "Secret plans" in text
    assert "Opened by <bdi>Rita</bdi>" in text
    refused = signed_in(alice).post("/accounts/password/change/", {"oldpassword": "wrong"})
    assert "Secret plans" in refused.content.decode()
    other = signed_in(bob).get("/settings/security/").content.decode()
    assert "Nobody has opened your conversations." in other


def test_the_pages_mention_the_log(alice: User, signed_in: SignIn) -> None:
    told = "Administrators can read conversations. Every view is recorded"
    for path in ("/", "/settings/profile/"):
        assert told in signed_in(alice).get(path).content.decode()


def test_another_spelling_of_the_id_does_not_pass_by_the_log(
    alice: User, rita: User, signed_in: SignIn
) -> None:
    row = converse(alice)
    client = signed_in(rita)
    for spelling in (str(row.pk).upper(), row.pk.hex, f"{{{row.pk}}}"):
        response = client.get(f"/admin/conversations/conversation/{spelling}/change/")
        assert (response.status_code, openings()) == (302, 0)
        assert response["Location"] == path_of(row)


def test_what_cannot_be_recorded_is_not_shown(alice: User, rita: User, signed_in: SignIn) -> None:
    row, client = converse(alice), signed_in(rita)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {AuditEntry._meta.db_table} RENAME TO audit_is_gone")
    with pytest.raises(DatabaseError):
        client.get(path_of(row))


def test_the_transcript_has_no_controls(alice: User, rita: User, signed_in: SignIn) -> None:
    client = signed_in(rita)
    for status in Generation.Status.values:
        kind = {"error_kind": "rate_limited"} if status == "failed" else {}
        row = converse(alice, status=status, **kind)
        text = client.get(path_of(row)).content.decode()
        assert 'action="/c/' not in text, status
        assert "retry-button" not in text.partition("<article")[2].partition("</main>")[0], status
        assert "data-stop-url" not in text, status


def test_other_versions_and_older_messages_can_be_read(
    alice: User, rita: User, signed_in: SignIn
) -> None:
    row = converse(alice)
    question = row.messages.get(role="user")
    hidden = Message.objects.create(
        conversation=row,
        parent=question,
        role="assistant",
        parts=[{"type": "text", "text": "Bomb"}],
    )
    client = signed_in(rita)
    page = client.get(path_of(row)).content.decode()
    assert "Bomb" not in page
    assert f"?end={hidden.pk}" in page
    assert "Bomb" in client.get(f"{path_of(row)}?end={hidden.pk}").content.decode()
    assert "Bomb" not in client.get(f"{path_of(row)}?before={hidden.pk}").content.decode()
    assert openings() == 3


@pytest.mark.parametrize(
    "query", ["end=junk", "before=0", "end=00000000-0000-7000-8000-000000000000"]
)
def test_a_message_of_another_conversation_is_not_found(
    alice: User, rita: User, bob: User, signed_in: SignIn, query: str
) -> None:
    row = converse(alice)
    other = converse(bob)
    client = signed_in(rita)
    assert client.get(f"{path_of(row)}?{query}").status_code == 404
    assert client.get(f"{path_of(row)}?end={other.leaf_id}").status_code == 404
    assert openings() == 0


def test_a_deleted_one_can_be_read(alice: User, rita: User, signed_in: SignIn) -> None:
    row = converse(alice)
    Conversation.objects.filter(pk=row.pk).update(deleted_at=row.created)
    assert "<dt>Deleted</dt>" in signed_in(rita).get(path_of(row)).content.decode()


def test_hostile_content_is_text(alice: User, rita: User, signed_in: SignIn) -> None:
    row = converse(
        alice,
        title=HOSTILE,
        asked=HOSTILE,
        status="failed",
        error_kind="upstream_broken",
        error_detail=HOSTILE,
        connection_name=HOSTILE[:90],
        model_name=HOSTILE,
        request_id=HOSTILE,
    )
    row.system_prompt = HOSTILE
    row.save()
    text = signed_in(rita).get(path_of(row)).content.decode()
    assert "<script>window" not in text
    assert '<img src="/x"' not in text
    assert text.count("&lt;script&gt;window") >= 6


def test_a_transcript_asks_the_database_as_often_for_20_as_for_10(
    alice: User,
    rita: User,
    signed_in: SignIn,
    django_assert_max_num_queries: Callable[[int], CaptureQueriesContext],
) -> None:
    row = converse(alice)
    client = signed_in(rita)

    def queries() -> int:
        for _ in range(10):
            row.leaf = Message.objects.create(
                conversation=row,
                parent=row.leaf,
                role="user",
                parts=[{"type": "text", "text": "And?"}],
            )
        row.save()
        client.get(path_of(row))
        with django_assert_max_num_queries(15) as captured:
            assert client.get(path_of(row)).status_code == 200
        return len(captured)

    assert queries() == queries()


def test_the_admin_list_leads_here(alice: User, rita: User, signed_in: SignIn) -> None:
    row = converse(alice)
    text = signed_in(rita).get(reverse("admin:conversations_conversation_changelist"))
    assert path_of(row) in text.content.decode()

"""Links to conversations: made, listed and revoked, and the team's setting for them."""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.models import (
    AuditEntry,
    Conversation,
    Generation,
    Message,
    SharedMessage,
    ShareLink,
    SharingPolicy,
    User,
)
from conversations.upstream.answer.parts import TextPart, ToolCallPart, ToolResultPart, to_json
from tests.admin.content import HOSTILE
from tests.branches import as_parts, conversation_of

SignIn = Callable[[User], Client]
JSON = {"Accept": "application/json"}


@pytest.fixture
def conversation(alice: User) -> Conversation:
    return conversation_of(alice, pairs=2, title="Staffing")


def path_of(row: Conversation) -> str:
    return f"/c/{row.pk}/sharing/"


def share(client: Client, row: Conversation, **fields: str) -> ShareLink:
    data = {"share-message": str(row.leaf_id)} | {f"share-{k}": v for k, v in fields.items()}
    response = client.post(path_of(row), data)
    assert response.status_code == 302, response.content
    return ShareLink.objects.latest("id")


def test_a_link_holds_the_branch_as_it_is(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    link = share(client, conversation)
    assert (link.title, link.password, link.expires_at) == ("Staffing", "", None)
    assert len(link.token) >= 43
    rows = link.messages.values_list("position", "role", "speaker", "model_name")
    assert list(rows) == [
        (0, "user", "Alice", ""),
        (1, "assistant", "gpt-5.4", "gpt-5.4"),
        (2, "user", "Alice", ""),
        (3, "assistant", "gpt-5.4", "gpt-5.4"),
    ]
    page = client.get(path_of(conversation)).content.decode()
    assert f"http://testserver/share/{link.token}/" in page


def test_it_ends_where_its_person_saw_it_end(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    first = conversation.messages.order_by("id")[1]
    conversation.messages.filter(parent=first).update(parts=as_parts("Unseen"))
    link = share(signed_in(alice), conversation, message=str(first.pk))
    assert [row.text for row in link.messages.all()] == ["Question 0", "Answer **0**"]


def test_other_versions_and_answers_on_their_way_are_not_in_it(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    question = conversation.messages.order_by("id")[0]
    Message.objects.create(
        conversation=conversation, parent=question, role="assistant", parts=as_parts("Other")
    )
    Generation.objects.filter(message=conversation.leaf).update(
        status="running", lease_owner=uuid.uuid4()
    )
    link = share(signed_in(alice), conversation)
    texts = [row.text for row in link.messages.all()]
    assert texts == ["Question 0", "Answer **0**", "Question 1"]


def test_reasoning_is_left_out_unless_asked_for(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    parts = [{"type": "reasoning", "text": "Hm"}, {"type": "tool_call", "text": "?"}]
    conversation.messages.update(parts=[*parts, *as_parts("Said")])
    client = signed_in(alice)
    kinds = [
        {part["type"] for row in link.messages.all() for part in row.parts}
        for link in (share(client, conversation), share(client, conversation, with_reasoning="on"))
    ]
    assert kinds == [{"text"}, {"text", "reasoning"}]


def test_what_tools_were_asked_and_said_is_left_out_and_their_places_stay_paragraphs(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    parts = to_json(
        [
            TextPart("Let me look."),
            ToolCallPart("a", "search_conversations", '{"query": "secret"}'),
            ToolResultPart("a", "secret"),
            TextPart("Found."),
        ]
    )
    assert conversation.leaf
    Message.objects.filter(pk=conversation.leaf.pk).update(parts=parts)
    link = share(signed_in(alice), conversation, with_reasoning="on")
    last = link.messages.order_by("position").last()
    assert last is not None
    assert last.text == "Let me look.\n\nFound."
    assert "secret" not in str(last.parts)


def test_expiry_and_password(alice: User, conversation: Conversation, signed_in: SignIn) -> None:
    link = share(signed_in(alice), conversation, expiry="7", password="open sesame")
    assert link.expires_at
    days = (link.expires_at - timezone.now()).total_seconds() / 86400
    assert 6.9 < days <= 7
    assert "sesame" not in link.password
    entry = AuditEntry.objects.get(kind="conversation_shared")
    assert (entry.actor_name, entry.object_name) == ("Alice", "Staffing")
    assert entry.changes["has_password"] is True
    assert "sesame" not in str(entry.changes)


@pytest.mark.parametrize(
    "fields", [{"password": "short"}, {"expiry": "9999"}, {"message": "junk"}, {"message": ""}]
)
def test_what_cannot_be_is_refused_with_words(
    alice: User, conversation: Conversation, signed_in: SignIn, fields: dict[str, str]
) -> None:
    data = {"message": str(conversation.leaf_id)} | fields
    client = signed_in(alice)
    posted = {f"share-{name}": value for name, value in data.items()}
    response = client.post(path_of(conversation), posted, headers=JSON)
    assert response.status_code == 422
    assert response.json()["error"]["message"]
    assert client.post(path_of(conversation), posted, follow=True).context["messages"]
    assert not ShareLink.objects.exists()


def test_nothing_finished_is_nothing_to_share(alice: User, signed_in: SignIn) -> None:
    row = conversation_of(alice, pairs=1)
    row.messages.update(parts=[])
    data = {"share-message": str(row.leaf_id)}
    response = signed_in(alice).post(path_of(row), data, headers=JSON)
    assert (response.status_code, ShareLink.objects.count()) == (409, 0)


def test_what_is_temporary_is_not_shared(alice: User, signed_in: SignIn) -> None:
    row = conversation_of(alice, is_temporary=True)
    data = {"share-message": str(row.leaf_id)}
    response = signed_in(alice).post(path_of(row), data, headers=JSON)
    assert (response.status_code, ShareLink.objects.count()) == (409, 0)
    assert "data-share" not in signed_in(alice).get(f"/c/{row.pk}/").content.decode()


def test_a_stranger_gets_what_an_unknown_id_gets(
    alice: User, charlie: User, rita: User, conversation: Conversation, signed_in: SignIn
) -> None:
    link = share(signed_in(alice), conversation)
    unknown = uuid.uuid4()
    pairs = [
        (path_of(conversation), f"/c/{unknown}/sharing/"),
        (f"/settings/sharing/{link.pk}/revocation/", f"/settings/sharing/{unknown}/revocation/"),
    ]
    for client in (signed_in(charlie), signed_in(rita)):
        for theirs, nobodys in pairs:
            data = {"share-message": str(conversation.leaf_id)}
            answers = [client.post(path, data) for path in (theirs, nobodys)]
            assert [answer.status_code for answer in answers] == [404, 404]
            assert answers[0].content == answers[1].content
        assert client.get(path_of(conversation)).status_code == 404
        assert "Staffing" not in client.get("/settings/sharing/").content.decode()
    assert ShareLink.objects.count() == 1


def test_a_message_of_another_conversation_cannot_be_shared(
    alice: User, bob: User, conversation: Conversation, signed_in: SignIn
) -> None:
    for other in (conversation_of(bob), conversation_of(alice)):
        data = {"share-message": str(other.leaf_id)}
        assert signed_in(alice).post(path_of(conversation), data).status_code == 404
    assert not SharedMessage.objects.exists()


def test_revoking_removes_the_snapshot(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    link = share(client, conversation)
    response = client.post(f"/settings/sharing/{link.pk}/revocation/", follow=True)
    assert "The link was revoked." in response.content.decode()
    assert not ShareLink.objects.exists()
    assert not SharedMessage.objects.exists()
    assert client.get(f"/share/{link.token}/").status_code == 404
    assert AuditEntry.objects.filter(kind="share_revoked", object_name="Staffing").exists()


def test_the_list_says_what_each_link_is(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    share(client, conversation, password="open sesame")
    expired = share(client, conversation)
    ShareLink.objects.filter(pk=expired.pk).update(
        expires_at=timezone.now() - datetime.timedelta(minutes=1)
    )
    text = client.get("/settings/sharing/").content.decode()
    assert text.count("/share/") == 4
    assert "with a password" in text
    assert text.count(">Expired<") == 1
    Conversation.objects.update(deleted_at=timezone.now())
    assert client.get("/settings/sharing/").content.decode().count("Conversation deleted") == 2


def test_more_links_cost_as_many_queries(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    costs = []
    for _ in range(2):
        for _ in range(5):
            share(client, conversation)
        for path in ("/settings/sharing/", path_of(conversation)):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            costs.append(len(queries))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 6


def test_administrators_decide_who_may_open_links(
    alice: User, rita: User, conversation: Conversation, signed_in: SignIn
) -> None:
    assert SharingPolicy.in_force() == "team"
    member, administrator = signed_in(alice), signed_in(rita)
    path = "/settings/sharing/policy/"
    assert member.post(path, {"audience": "public"}).status_code == 403
    assert "radio" not in member.get("/settings/sharing/").content.decode()
    for audience in ("public", "off"):
        administrator.post(path, {"audience": audience})
        assert SharingPolicy.in_force() == audience
    entry = AuditEntry.objects.filter(kind="sharing_changed").latest("id")
    assert (entry.actor_name, entry.changes) == ("Rita", {"audience": "off"})
    administrator.post(path, {"audience": "world"})
    assert SharingPolicy.in_force() == "off"
    data = {"share-message": str(conversation.leaf_id)}
    refused = member.post(path_of(conversation), data, headers=JSON)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "sharing_off")
    assert "turned sharing off" in member.get(path_of(conversation)).content.decode()


def test_hostile_titles_are_text(alice: User, signed_in: SignIn) -> None:
    row = conversation_of(alice, title=HOSTILE)
    client = signed_in(alice)
    share(client, row)
    for path in (path_of(row), f"{path_of(row)}?as=dialog", "/settings/sharing/"):
        assert not re.search(r"<script>window|<img src", client.get(path).content.decode()), path


def test_a_long_snapshot_is_whole(alice: User, signed_in: SignIn) -> None:
    row = conversation_of(alice, pairs=250)
    link = share(signed_in(alice), row)
    assert link.messages.count() == 500
    last = link.messages.get(position=499)
    assert last.text == "Answer **249**"

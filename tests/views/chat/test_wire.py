"""The wire view, for the owner of an answer and for administrators, which is logged."""

from __future__ import annotations

import html
import json
import re
import subprocess
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.actions import connections
from conversations.actions.connections import ConnectionFields
from conversations.models import (
    AuditEntry,
    Connection,
    Conversation,
    Generation,
    Message,
    Price,
    UsageRecord,
    User,
)
from tests.branches import conversation_of, last_run
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import ended, send
from tests.html import tight
from tests.views.wire_records import ACCOUNT, BODY, TRIAL, store_exchange

SignIn = Callable[[User], Client]


def talk(owner: User, **account: Any) -> Conversation:
    """Make a conversation whose answer has one recorded exchange."""
    row = conversation_of(owner)
    store_exchange(last_run(row), **account)
    return row


def path_of(row: Conversation, message: Message | None = None) -> str:
    answer = message or row.leaf
    assert answer
    return f"/c/{row.pk}/messages/{answer.pk}/wire/"


def transcript_path(row: Conversation) -> str:
    return path_of(row).replace("/c/", "/admin/conversations/conversation/")


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


HIDDEN = "https://base.example/v1/chat/completions"
# Prints the words of the command as a shell reads them, with a key and an address.
SHELL = """curl() { for word; do printf '%s\\0' "$word"; done; }
API_KEY='the key'; BASE_URL=https://base.example
"""


def curl_of(text: str) -> list[str]:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    assert found
    script = SHELL + html.unescape(found[1])
    ran = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)
    return ran.stdout.split("\0")[:-1]


@pytest.mark.django_db
def test_strangers_get_what_an_unknown_id_gets(
    alice: User, bob: User, rita: User, signed_in: SignIn
) -> None:
    row, other = talk(alice), talk(bob)
    assert "alert(1)" in page(signed_in(alice), path_of(row))
    unknown = f"/c/{uuid.uuid4()}/messages/{uuid.uuid4()}/wire/"
    expected = signed_in(bob).get(unknown)
    assert expected.status_code == 404
    for who in (bob, rita):
        for path in (path_of(row), path_of(other, row.leaf), path_of(row, other.leaf)):
            response = signed_in(who).get(path)
            assert response.status_code == 404
            assert b"alert(1)" not in response.content
    assert Client().get(path_of(row)).status_code == 302
    assert signed_in(alice).post(path_of(row)).status_code == 405
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_a_deleted_message_has_none_for_its_person(
    alice: User, rita: User, signed_in: SignIn
) -> None:
    row = talk(alice)
    row.messages.filter(role="assistant").update(deleted_at=timezone.now())
    assert signed_in(alice).get(path_of(row)).status_code == 404
    assert "alert(1)" in page(signed_in(rita), transcript_path(row))


@pytest.mark.django_db
def test_each_opening_by_an_administrator_is_recorded(
    alice: User, bob: User, rita: User, signed_in: SignIn
) -> None:
    row, mine = talk(alice), talk(rita)
    text = page(signed_in(rita), transcript_path(row))
    assert "This view is recorded" in text
    [entry] = AuditEntry.objects.all()
    assert (entry.kind, entry.actor_name, entry.person_name) == (
        "conversation_opened",
        "Rita",
        "Alice",
    )
    page(signed_in(rita), transcript_path(mine))
    assert signed_in(bob).get(transcript_path(row)).status_code == 403
    assert signed_in(alice).get(transcript_path(row)).status_code == 403
    wrong = transcript_path(row).replace(str(row.leaf_id), str(mine.leaf_id))
    assert signed_in(rita).get(wrong).status_code == 404
    assert AuditEntry.objects.count() == 1


@pytest.mark.django_db
def test_the_answers_details_lead_there(alice: User, rita: User, signed_in: SignIn) -> None:
    row = talk(alice)
    thread = page(signed_in(alice), f"/c/{row.pk}/")
    assert f'href="{path_of(row)}"' in thread
    transcript = page(signed_in(rita), f"/admin/conversations/conversation/{row.pk}/change/")
    assert f'href="{transcript_path(row)}"' in transcript
    assert f'href="{path_of(row)}"' not in transcript


@pytest.mark.django_db
def test_the_address_is_for_who_may_see_that_of_the_connection(
    alice: User, rita: User, signed_in: SignIn
) -> None:
    def connect(owner: User | None) -> Connection:
        fields = ConnectionFields(name="C", base_url="https://api.example.org/gate", key="k" * 20)
        return connections.create(owner=owner, fields=fields)

    row = talk(alice)
    run = last_run(row)
    for link, shows in ((connect(None), False), (connect(alice), True), (None, False)):
        Generation.objects.filter(pk=run.pk).update(connection=link)
        text = page(signed_in(alice), path_of(row))
        assert ("api.example.org" in text) is shows
        assert curl_of(text)[1] == (ACCOUNT["url"] if shows else HIDDEN)
        assert "api.example.org/gate" in page(signed_in(rita), transcript_path(row))


@pytest.mark.django_db
def test_curl_says_the_same_with_a_place_for_the_key(alice: User, signed_in: SignIn) -> None:
    text = page(signed_in(alice), path_of(talk(alice)))
    assert curl_of(text) == [
        *("-N", HIDDEN),
        *("-H", "accept: application/json"),
        *("-H", "x-api-key: the key"),
        *("--data-raw", json.dumps(BODY)),
    ]


@pytest.mark.django_db
def test_everything_is_text(alice: User, signed_in: SignIn) -> None:
    text = page(signed_in(alice), path_of(talk(alice)))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "It&#x27;s &lt;b&gt;" in text


@pytest.mark.django_db
def test_each_parameter_tells_where_it_came_from(alice: User, signed_in: SignIn) -> None:
    sent = {"model": "gpt-5.4", "temperature": 0.7, "top_p": 0.5, "stream": True}
    row = talk(alice, parameters={**sent, "stream_options": {"include_usage": True}})
    Generation.objects.filter(pk=last_run(row).pk).update(
        parameters={
            "temperature": {"value": 0.7, "source": "preset"},
            "top_p": {"value": 0.5, "source": "team"},
            "system_prompt": {"source": "conversation"},
        }
    )
    text = page(signed_in(alice), path_of(row))
    cells = re.findall(
        r"<tr><td><code>(\w+)</code></td><td><bdi>.*?</bdi></td><td>(.*?)</td>", tight(text)
    )
    assert dict(cells) == {
        "model": "chosen for this reply",
        "temperature": "the preset",
        "top_p": "the team’s defaults",
        "stream": "set by Chatsite",
        "stream_options": "set by Chatsite",
        "system": "this chat",
    }


@pytest.mark.django_db
def test_attempts_and_cuts_are_told(alice: User, signed_in: SignIn) -> None:
    first = {**TRIAL, "status": 400, "error": "upstream_broken", "wait": 0.0}
    first |= {"has_stream_options": True, "received": "No such argument"}
    second = {**TRIAL, "status": None, "answered": None, "error": "unreachable", "wait": 0.5}
    third = {**TRIAL, "received_bytes": 5_000_000, "kept_bytes": 262_144}
    row = talk(alice, trials=[first, second, third], is_body_cut=True, body="{cut")
    text = page(signed_in(alice), path_of(row))
    assert "upstream_broken; sent again without stream_options" in text
    assert "unreachable; sent again after 0.5 s" in text
    assert "No such argument" in text
    assert "Cut here: 256.0\xa0KB of 4.8\xa0MB were kept." in text
    assert "Cut here: the rest was not kept." in text
    assert "fill in what was cut" in text


@pytest.mark.django_db
def test_a_run_of_which_nothing_was_kept_says_so(alice: User, signed_in: SignIn) -> None:
    row = conversation_of(alice)
    assert "Nothing was recorded" in page(signed_in(alice), path_of(row))
    Generation.objects.update(status="running", lease_owner=uuid.uuid4())
    assert "No finished runs yet." in page(signed_in(alice), path_of(row))


@pytest.mark.django_db
def test_what_the_call_cost_is_told(alice: User, signed_in: SignIn) -> None:
    row = talk(alice)
    price = Price.objects.create(
        model_name="gpt-5.4",
        currency="USD",
        input_rate=Decimal(2),
        output_rate=Decimal(4),
        effective_from=timezone.now(),
    )
    UsageRecord.objects.create(
        purpose="chat",
        person=alice,
        generation=last_run(row),
        model_name="gpt-5.4",
        price=price,
        prompt_tokens=500_000,
        completion_tokens=250_000,
    )
    assert "<bdi>$2.00</bdi>" in page(signed_in(alice), path_of(row))


@pytest.mark.django_db
def test_in_chinese(alice: User, signed_in: SignIn) -> None:
    User.objects.update(language="zh-hans")
    text = page(signed_in(alice), path_of(talk(alice)))
    assert "复制为 curl" in text
    assert "Wire view" not in text


@pytest.mark.django_db
def test_more_runs_need_no_more_queries(alice: User, signed_in: SignIn) -> None:
    row, client = talk(alice), signed_in(alice)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, path_of(row))
        return len(queries)

    count()
    few = count()
    assert row.leaf
    for _ in range(4):
        run = Generation.objects.create(
            message=row.leaf, model=last_run(row).model, model_name="gpt-5.4", status="stopped"
        )
        for position in range(3):
            store_exchange(run, position)
    assert count() == few <= 12
    assert "Round 3" in page(client, path_of(row))


@pytest.mark.usefixtures("running_engine", "upstream_connection")
def test_a_real_answer_has_it_without_its_key(
    alice: User, rita: User, fake_upstream: FakeUpstream, signed_in: SignIn
) -> None:
    key = "sk-test-0123456789abcdef"
    fake_upstream.say(f"Your key is {key}.")
    run = ended(send(alice, "Tell me 'the key'").generation)
    row = Conversation.objects.get(messages=run.message)
    for client, path in (
        (signed_in(alice), path_of(row)),
        (signed_in(rita), transcript_path(row)),
    ):
        text = page(client, path)
        assert not any(key[at : at + 6] in text for at in range(len(key) - 5))
        assert curl_of(text)[-1].encode() == fake_upstream.requests[0].body
        assert "[DONE]" in text

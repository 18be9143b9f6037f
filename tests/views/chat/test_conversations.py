"""The pages of conversations and their fragments, and that strangers get none of them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conversations.models import Conversation, Message, User
from conversations.upstream.errors import ErrorKind
from tests.branches import as_parts, conversation_of, last_run
from tests.html import tight
from tests.views.markup import assert_strict

SignIn = Callable[[User], Client]


@pytest.fixture
def conversation(alice: User) -> Conversation:
    return conversation_of(alice, pairs=3, title="Staffing & <rosters>")


def routes(conversation: Conversation) -> list[str]:
    """Return every URL that shows part of a conversation."""
    leaf = conversation.leaf_id
    return [
        reverse("conversation", args=[conversation.pk]),
        reverse("conversation", args=[conversation.pk]) + f"?before={leaf}",
        reverse("thread", args=[conversation.pk]),
        reverse("older_messages", args=[conversation.pk]) + f"?before={leaf}",
        reverse("message", args=[conversation.pk, leaf]),
        reverse("message", args=[conversation.pk, leaf]) + "?as=markdown",
    ]


def test_the_owner_gets_every_route(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    assert [client.get(url).status_code for url in routes(conversation)] == [200] * 6


def test_a_stranger_gets_what_an_unknown_id_gets(
    charlie: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client = signed_in(charlie)
    unknown = Conversation(pk=uuid.uuid4(), leaf_id=uuid.uuid4())
    for theirs, nobodys in zip(routes(conversation), routes(unknown), strict=True):
        answer, other = client.get(theirs), client.get(nobodys)
        assert (answer.status_code, other.status_code) == (404, 404), theirs
        assert answer.content == other.content


def test_an_administrator_is_a_stranger_here_too(
    rita: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client = signed_in(rita)
    assert {client.get(url).status_code for url in routes(conversation)} == {404}


def test_a_message_of_another_conversation_is_not_found(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    other = conversation_of(alice)
    client = signed_in(alice)
    for name in ("conversation", "older_messages"):
        url = reverse(name, args=[conversation.pk]) + f"?before={other.leaf_id}"
        assert client.get(url).status_code == 404
    assert client.get(reverse("message", args=[conversation.pk, other.leaf_id])).status_code == 404


@pytest.mark.parametrize("before", ["nonsense", ""])
def test_older_needs_a_message(
    alice: User, conversation: Conversation, signed_in: SignIn, before: str
) -> None:
    url = reverse("older_messages", args=[conversation.pk]) + f"?before={before}"
    assert signed_in(alice).get(url).status_code == 404


def test_nobody_is_led_to_the_sign_in(alice: User, conversation: Conversation) -> None:
    for url in [reverse("new_chat"), *routes(conversation)]:
        answer = Client().get(url)
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))


def test_only_reading(alice: User, conversation: Conversation, signed_in: SignIn) -> None:
    client = signed_in(alice)
    urls = [url for url in routes(conversation) if "?" not in url]
    assert {client.post(url).status_code for url in urls} == {405}


def test_a_deleted_conversation_is_gone_but_may_be_taken_back(
    alice: User, charlie: User, conversation: Conversation, signed_in: SignIn
) -> None:
    conversation.deleted_at = timezone.now()
    conversation.save()
    client = signed_in(alice)
    assert client.get(reverse("conversation", args=[conversation.pk])).status_code == 404
    undo = reverse("restoration", args=[conversation.pk])
    assert undo in client.get(f"/?deleted={conversation.pk}").content.decode()
    assert undo not in signed_in(charlie).get(f"/?deleted={conversation.pk}").content.decode()
    assert client.get("/?deleted=nonsense").status_code == 200


def test_articles_carry_what_tests_and_scripts_rely_on(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    html = signed_in(alice).get(reverse("conversation", args=[conversation.pk])).content.decode()
    articles = re.findall(r"<article [^>]*>", html)
    assert len(articles) == 7  # six messages, and the template of a pending one
    assert f'data-message-id="{conversation.leaf_id}"' in articles[5]
    assert 'data-role="assistant" data-status="completed"' in articles[5]
    assert "Answer <strong>2</strong>" in html
    assert "Staffing &amp; &lt;rosters&gt;" in html
    assert "<rosters>" not in html


def test_the_text_is_given_as_it_was_written(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    url = reverse("message", args=[conversation.pk, conversation.leaf_id])
    answer = signed_in(alice).get(url + "?as=markdown")
    assert answer.content == b"Answer **2**"
    assert answer["Content-Type"].startswith("text/plain")


def test_what_a_person_wrote_stays_text(alice: User, signed_in: SignIn) -> None:
    conversation = conversation_of(alice)
    Message.objects.filter(conversation=conversation, role="user").update(
        parts=as_parts("<script>alert(1)</script>\n  **two**")
    )
    html = signed_in(alice).get(reverse("conversation", args=[conversation.pk])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\n  **two**" in html


def test_a_running_answer_can_be_stopped_and_refreshes_itself(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    run = last_run(conversation)
    run.status = "running"
    run.save()
    html = signed_in(alice).get(reverse("conversation", args=[conversation.pk])).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in tight(html)
    assert f'formaction="{reverse("cancellation", args=[run.pk])}"' in html
    assert 'aria-busy="true"' in html


def test_nothing_refreshes_a_page_at_rest(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    html = signed_in(alice).get(reverse("conversation", args=[conversation.pk])).content.decode()
    assert "http-equiv" not in html
    assert 'aria-busy="true"' not in html


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("stopped", "You stopped this reply."),
        ("interrupted", "This reply was interrupted."),
        ("failed", "No reply"),
    ],
)
def test_an_answer_that_did_not_end_well_says_so_and_can_be_asked_again(
    alice: User, conversation: Conversation, signed_in: SignIn, status: str, sentence: str
) -> None:
    run = last_run(conversation)
    run.status = status
    run.save()
    url = reverse("message", args=[conversation.pk, conversation.leaf_id])
    html = signed_in(alice).get(url).content.decode()
    assert sentence in html
    assert reverse("regeneration", args=[conversation.pk, conversation.leaf_id]) in html
    assert "Retry" in html


def test_a_cut_answer_says_so(alice: User, conversation: Conversation, signed_in: SignIn) -> None:
    run = last_run(conversation)
    run.finish_reason = "length"
    run.save()
    url = reverse("message", args=[conversation.pk, conversation.leaf_id])
    assert "reached the token limit" in signed_in(alice).get(url).content.decode()


def test_estimates_are_marked(alice: User, conversation: Conversation, signed_in: SignIn) -> None:
    run = last_run(conversation)
    run.prompt_tokens, run.completion_tokens, run.is_usage_estimated = 1284, 7, True
    run.save()
    url = reverse("message", args=[conversation.pk, conversation.leaf_id])
    html = signed_in(alice).get(url).content.decode()
    assert "≈ 1,284 in" in html
    assert "≈ 7 out" in html


def test_long_conversations_open_at_the_end_and_load_upwards(
    alice: User, signed_in: SignIn
) -> None:
    conversation = conversation_of(alice, pairs=120)
    client = signed_in(alice)
    html = client.get(reverse("conversation", args=[conversation.pk])).content.decode()
    assert "Question 95" in html
    assert "Question 94" not in html
    match = re.search(r'hx-get="([^"]+)"', html.split("<chat-stream")[1])
    assert match
    older = client.get(match[1]).content.decode()
    assert "Question 94" in older
    assert "Question 70" in older
    assert "Question 95" not in older


@pytest.mark.parametrize("name", ["new_chat", "conversation", "thread"])
def test_ten_and_twenty_cost_the_same(alice: User, signed_in: SignIn, name: str) -> None:
    client = signed_in(alice)
    costs = []
    for pairs in (5, 10):
        conversation = conversation_of(alice, pairs=pairs)
        for _ in range(pairs):
            conversation_of(alice, pairs=1)
        url = reverse(name, args=[] if name == "new_chat" else [conversation.pk])
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_are_strict_html_in_both_languages(
    alice: User, conversation: Conversation, signed_in: SignIn, language: str
) -> None:
    alice.language = language
    alice.save()
    run = last_run(conversation)
    run.status, run.error_kind = "failed", ErrorKind.KEY_REFUSED
    run.save()
    client = signed_in(alice)
    for url in [reverse("new_chat"), routes(conversation)[0], "/nowhere/"]:
        html = client.get(url).content.decode()
        assert f'<html lang="{"zh-CN" if language == "zh-hans" else "en"}"' in html
        assert_strict(html)


def test_the_first_page_says_who_can_read(alice: User, signed_in: SignIn) -> None:
    assert "Administrators can read conversations." in signed_in(alice).get("/").content.decode()


def test_the_sidebar_goes_on(alice: User, signed_in: SignIn) -> None:
    for number in range(45):
        conversation_of(alice, pairs=0, title=f"Talk {number:02}")
    client = signed_in(alice)
    first = client.get(reverse("sidebar")).content.decode()
    match = re.search(r'hx-get="([^"]+)"', first)
    assert match
    second = client.get(match[1]).content.decode()
    shown = re.findall(r'title="(Talk \d\d)"', first + second)
    assert shown == [f"Talk {number:02}" for number in reversed(range(45))]
    without_script = client.get("/" + re.findall(r'href="(\?sidebar_before=[^"]+)"', first)[0])
    assert "Talk 00" in without_script.content.decode()


def test_the_sidebar_is_hidden_where_it_was(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    assert "is-sidebar-hidden" not in client.get("/").content.decode()
    client.cookies["sidebar"] = "hidden"
    assert "is-sidebar-hidden" in client.get("/").content.decode()

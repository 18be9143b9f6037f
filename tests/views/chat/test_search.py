"""The search page without scripts, and the page to which a hit leads."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conversations.indexing.writing import put_message
from conversations.models import Folder, Message, User
from tests.branches import as_parts
from tests.html import tight
from tests.indexed import add_message, make_conversation

SignIn = Callable[[User], Client]
PAGE = "/search/"


def html(client: Client, **fields: str) -> str:
    answer = client.get(PAGE, fields)
    assert answer.status_code == 200
    return answer.content.decode()


def test_results_are_marked_and_escaped(alice: User, signed_in: SignIn) -> None:
    make_conversation(alice, "<script>alert(1)</script> of staffing", title="<i>Staffing</i>")
    page = html(signed_in(alice), q="staffing")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; of <mark>staffing</mark>" in page
    assert "&lt;i&gt;<mark>Staffing</mark>&lt;/i&gt;" in page
    assert "<script>alert" not in page


def test_a_hit_leads_to_its_message_in_its_branch_and_changes_nothing(
    alice: User, signed_in: SignIn
) -> None:
    conversation = make_conversation(alice, "Question", "The shown version")
    question = conversation.messages.get(role="user")
    shown = conversation.messages.get(role="assistant")
    conversation.leaf = shown
    conversation.save()
    other = Message.objects.create(
        conversation=conversation, parent=question, role="assistant", parts=as_parts("Old staffing")
    )
    put_message(other)
    client = signed_in(alice)
    link = unescape(
        re.findall(r'class="result__passage" href="([^"]+)"', html(client, q="staffing"))[0]
    )
    assert link.endswith(f"#m-{other.pk}")
    page = client.get(link.partition("#")[0]).content.decode()
    assert "Old staffing" in page
    assert "The shown version" not in page
    assert re.search(rf'id="m-{other.pk}"[^>]* data-found', page)
    assert "data-past" in page
    conversation.refresh_from_db()
    assert conversation.leaf_id == shown.pk


def test_a_message_of_the_shown_end_is_found_on_the_ordinary_page(
    alice: User, signed_in: SignIn
) -> None:
    conversation = make_conversation(alice, "Question", "Answer")
    answer = conversation.messages.get(role="assistant")
    conversation.leaf = answer
    conversation.save()
    url = reverse("conversation", args=[conversation.pk])
    page = signed_in(alice).get(url, {"message": str(answer.pk)}).content.decode()
    assert page.count("data-found") == 1
    assert "data-past" not in page
    assert "data-found" not in signed_in(alice).get(url).content.decode()


def test_a_message_of_long_ago_stands_amid_its_neighbours(alice: User, signed_in: SignIn) -> None:
    conversation = make_conversation(alice)
    for number in range(160):
        last = add_message(conversation, f"number {number}.")
    conversation.leaf = last
    conversation.save()
    wanted = conversation.messages.order_by("id")[20]
    url = reverse("conversation", args=[conversation.pk])
    page = signed_in(alice).get(url, {"message": str(wanted.pk)}).content.decode()
    shown = [int(number) for number in re.findall(r"number (\d+)\.", page)]
    assert shown == list(range(45))


def test_strangers_find_nothing_and_open_nothing(
    alice: User, bob: User, charlie: User, signed_in: SignIn
) -> None:
    hers, his = make_conversation(alice, "Her staffing"), make_conversation(charlie, "His own")
    client = signed_in(charlie)
    assert "Her staffing" not in html(client, q="staffing")
    message = str(hers.messages.get().pk)
    for row in (hers, his):
        url = reverse("conversation", args=[row.pk])
        assert client.get(url, {"message": message}).status_code == 404
    assert client.get(url, {"message": "nonsense"}).status_code == 404
    assert Client().get(PAGE).status_code == 302
    assert client.post(PAGE).status_code == 405


def test_what_cannot_be_read_is_said_and_left_out(alice: User, signed_in: SignIn) -> None:
    make_conversation(alice, "of staffing", title="It")
    page = html(signed_in(alice), q="staffing", since="yesterday", role="nobody", page="x")
    assert "of <mark>staffing</mark>" in page
    assert "field__error" in page


def test_only_ones_own_folders_are_offered_and_taken(
    alice: User, bob: User, signed_in: SignIn
) -> None:
    hers = Folder.objects.create(owner=alice, name="Hers")
    his = Folder.objects.create(owner=bob, name="His")
    make_conversation(alice, "a word", title="Foldered", folder=hers)
    make_conversation(alice, "a word", title="Loose")
    client = signed_in(alice)
    page = html(client, q="word", folder=str(hers.pk))
    assert page.count('class="result"') == 1
    assert ">His<" not in page
    assert "field__error" in html(client, q="word", folder=str(his.pk))


def test_filters_stay_in_the_form_and_on_the_next_page(alice: User, signed_in: SignIn) -> None:
    for number in range(25):
        make_conversation(alice, "a word", title=f"Talk {number}")
    client = signed_in(alice)
    page = html(client, q="word", role="user")
    assert page.count('class="result"') == 20
    assert '<option value="user" selected>' in page
    assert "?q=word&amp;role=user&amp;page=2" in page
    assert html(client, q="word", role="user", page="2").count('class="result"') == 5
    assert html(client, q="word", role="assistant").count('class="result"') == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"q": "nowhere"}, "No conversations match “nowhere”. Check the spelling"),
        ({"q": "nowhere", "role": "user"}, "Remove a filter"),
    ],
)
def test_nothing_found_says_what_to_do(
    alice: User, signed_in: SignIn, fields: dict[str, str], sentence: str
) -> None:
    assert sentence in tight(html(signed_in(alice), **fields))


@pytest.mark.parametrize("count", [1, 15])
def test_costs_the_same_for_any_number(alice: User, signed_in: SignIn, count: int) -> None:
    for number in range(count):
        make_conversation(alice, "a word", "another word", title=f"Word {number}")
    client = signed_in(alice)
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE, {"q": "word"})
    assert len(queries) == 14

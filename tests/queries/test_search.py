"""Search on both databases: results, ranking, filters, and the number of queries."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conversations.actions import conversations as actions
from conversations.indexing import writing
from conversations.models import Folder, Generation, LanguageModel, Message, User
from conversations.queries import search
from conversations.queries.search import Filters
from tests.branches import as_parts
from tests.indexed import add_message, make_conversation


def found(user: User, text: str, filters: Filters | None = None) -> list[str]:
    return [hit.conversation.title for hit in search.search(user, text, filters).hits]


def passages(user: User, text: str, filters: Filters | None = None) -> list[str]:
    hits = search.search(user, text, filters).hits
    return sorted(passage.message.text for hit in hits for passage in hit.passages)


ENGLISH = "Square-root staffing is a rough guide."
COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出"
CHINESE = "双十二当天，客服要排50人。学习率"


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("staffing", True),
        ("STAFF", True),
        ("guide rough", True),
        ('"rough guide"', True),
        ('"guide rough"', False),
        ("staffing nowhere", False),
        ("oot", False),
        ("学", True),
        ("学习率", True),
        ("客服", True),
        ("率学", False),
        ("当天客服", True),  # punctuation between words is ignored
        ("50", True),
        ("排50人", True),
    ],
)
def test_words_are_found_in_any_language(alice: User, text: str, *, is_found: bool) -> None:
    make_conversation(alice, f"{ENGLISH} {CHINESE}", title="It")
    make_conversation(alice, "Something else. 别的", title="Other")
    assert found(alice, text) == (["It"] if is_found else [])


def test_titles_are_found_and_come_before_what_was_only_said(alice: User) -> None:
    make_conversation(alice, "We talked of staffing once.", title="Chat")
    make_conversation(alice, "Nothing of it.", title="Staffing the desk")
    hits = search.search(alice, "staffing").hits
    assert [hit.conversation.title for hit in hits] == ["Staffing the desk", "Chat"]
    assert [part.text for part in hits[0].title if part.is_match] == ["Staffing"]
    assert hits[0].passages == []


def test_a_stranger_finds_nothing_nor_does_who_knows_the_key_of_the_owner(
    alice: User, charlie: User
) -> None:
    make_conversation(alice, ENGLISH, title="Staffing")
    assert found(charlie, "staffing") == []
    for is_title in (True, False):
        assert found(charlie, writing.scope_of(alice.pk, is_title=is_title)) == []
        assert found(charlie, f"{writing.scope_of(alice.pk, is_title=is_title)} staffing") == []


def test_deleted_is_not_found_and_found_again_after_undo(alice: User) -> None:
    conversation = make_conversation(alice, ENGLISH, title="Staffing")
    actions.delete(conversation)
    assert found(alice, "staffing") == []
    actions.restore(conversation)
    assert found(alice, "staffing") == ["Staffing"]


def test_what_is_gone_for_good_leaves_the_index(alice: User) -> None:
    conversation = make_conversation(alice, ENGLISH, "Another answer", title="Staffing")
    conversation.messages.get(role="assistant").delete()
    assert passages(alice, "answer") == []
    conversation.delete()
    assert found(alice, "staffing") == []
    alice.delete()
    assert check_index() == 0


def check_index() -> int:
    """Return the number of pieces in the index, which SQLite checks against its table."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            name = "conversations_searchindex"
            cursor.execute(f"INSERT INTO {name}({name}, rank) VALUES ('integrity-check', 1)")
        cursor.execute("SELECT count(*) FROM conversations_searchpiece")
        count: int = cursor.fetchone()[0]
    return count


def test_the_index_follows_an_edit_and_a_new_title(alice: User) -> None:
    conversation = make_conversation(alice, ENGLISH, title="Staffing")
    message = conversation.messages.get()
    message.parts = as_parts("Something else")
    message.save()
    writing.put_message(message)
    actions.rename(conversation, "Rosters 排班")
    assert found(alice, "staffing") == []
    assert found(alice, "rosters") == found(alice, "排班") == ["Rosters 排班"]
    assert passages(alice, "something") == ["Something else"]
    assert check_index() == 2


def test_all_branches_are_searched(alice: User) -> None:
    conversation = make_conversation(alice, "Root question", "First version")
    root = conversation.messages.get(role="user")
    other = Message.objects.create(
        conversation=conversation, parent=root, role="assistant", parts=as_parts("Second version")
    )
    writing.put_message(other)
    assert passages(alice, "version") == ["First version", "Second version"]


def test_filters_narrow_by_role_model_and_day(alice: User) -> None:
    old = timezone.now() - datetime.timedelta(days=40)
    conversation = make_conversation(alice, title="Words", active_at=old)
    question = add_message(conversation, "a word asked", created=old)
    answer = add_message(conversation, "a word answered", role="assistant")
    model = LanguageModel.objects.get(name="gpt-4o")
    Generation.objects.create(message=answer, model=model, model_name=model.name, status="stopped")
    assert passages(alice, "word") == ["a word answered", "a word asked"]
    assert passages(alice, "word", Filters(role="user")) == [question.text]
    assert passages(alice, "word", Filters(role="assistant")) == [answer.text]
    assert len(passages(alice, "word", Filters(model="gpt-4o"))) == 2
    assert passages(alice, "word", Filters(model="gpt-5.4")) == []
    today, yesterday = timezone.localdate(), timezone.localdate() - datetime.timedelta(1)
    assert passages(alice, "word", Filters(since=today)) == [answer.text]
    assert passages(alice, "word", Filters(until=yesterday)) == [question.text]
    assert found(alice, "words", Filters(until=yesterday)) == ["Words"]
    assert found(alice, '"words"', Filters(since=today)) == []
    assert found(alice, '"words"', Filters(role="user")) == []


def test_a_folder_has_what_stands_in_it_and_in_the_folders_of_it(alice: User) -> None:
    outer = Folder.objects.create(owner=alice, name="Outer")
    inner = Folder.objects.create(owner=alice, name="Inner", parent=outer)
    make_conversation(alice, "a word", title="In", folder=inner)
    make_conversation(alice, "a word", title="Out", folder=outer)
    make_conversation(alice, "a word", title="Nowhere")
    assert found(alice, "word", Filters(folder=inner.pk)) == ["In"]
    assert sorted(found(alice, "word", Filters(folder=outer.pk))) == ["In", "Out"]


def test_archived_is_found_but_nothing_that_lives_with_its_page(alice: User) -> None:
    make_conversation(alice, "a word", title="Put away", archived_at=timezone.now())
    make_conversation(alice, "a word", title="Fleeting", is_temporary=True)
    assert found(alice, "word") == ["Put away"]
    assert search.recent(alice, limit=5) == []


def test_newer_and_more_comes_first(alice: User) -> None:
    long_ago = timezone.now() - datetime.timedelta(days=900)
    old = make_conversation(alice, title="Old")
    add_message(old, "erlang", created=long_ago)
    make_conversation(alice, "erlang " + "and more of it " * 200, title="Once in much")
    make_conversation(alice, "erlang erlang erlang", title="Often")
    assert found(alice, "erlang") == ["Often", "Old", "Once in much"]


def test_a_long_message_is_found_at_its_end_with_the_words_there(alice: User) -> None:
    make_conversation(alice, COMMON * 300 + "结尾的暗号", title="Long")
    hit = search.search(alice, "的暗号").hits[0]
    assert [part.text for part in hit.passages[0].snippet if part.is_match] == ["的暗号"]


def test_each_message_once_and_the_best_three_of_a_conversation(alice: User) -> None:
    make_conversation(alice, *(f"number {n} " + "word " * n for n in range(5)), title="Many")
    hit = search.search(alice, "number").hits[0]
    assert (len(hit.passages), hit.more) == (3, 2)


def test_pages_meet(alice: User) -> None:
    for number in range(7):
        make_conversation(alice, title=f"Word {number}")
    seen: list[str] = []
    for page in (1, 2, 3):
        results = search.search(alice, "word", page=page, limit=3)
        seen += [hit.conversation.title for hit in results.hits]
        assert results.count == 7
    assert sorted(seen) == [f"Word {number}" for number in range(7)]


@pytest.mark.parametrize(
    "text", ['"', "a' ) & | !", "* OR NEAR(", "1e5abc 1.5e3", "\x00", "x" * 9_000]
)
def test_nothing_typed_breaks_it(alice: User, text: str) -> None:
    make_conversation(alice, "1e5abc and 1.5e3 or near", title="Signs")
    search.search(alice, text)
    assert found(alice, "1e5abc") == found(alice, "1.5e3 ") == ["Signs"]


@pytest.mark.parametrize("count", [2, 12])
def test_costs_four_queries_for_any_number(alice: User, count: int) -> None:
    for number in range(count):
        make_conversation(alice, f"word {number}", "word answered", title=f"Word {number}")
    with CaptureQueriesContext(connection) as queries:
        search.search(alice, "word")
    assert len(queries) == 4


def test_nothing_typed_finds_nothing_and_asks_nothing(alice: User) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert search.search(alice, " ！").hits == []
    assert len(queries) == 0


def test_the_newest_are_offered_before_anything_is_typed(alice: User, bob: User) -> None:
    for title in ("One", "Two", "Three"):
        make_conversation(alice, title=title)
    make_conversation(bob, title="His")
    actions.delete(make_conversation(alice, title="Gone"))
    assert [hit.conversation.title for hit in search.recent(alice, limit=2)] == ["Three", "Two"]

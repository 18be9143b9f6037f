from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.models import Conversation, Message, User
from conversations.queries import messages
from tests.branches import as_parts, conversation_of


def texts(stretch: messages.MessagePage) -> list[str]:
    return [message.text for message in stretch.messages]


def test_the_newest_of_a_branch_in_order(alice: User) -> None:
    stretch = messages.newest(conversation_of(alice, pairs=3), limit=4)
    assert texts(stretch) == ["Question 1", "Answer **1**", "Question 2", "Answer **2**"]
    assert stretch.has_older
    assert stretch.previous is not None
    assert stretch.previous.text == "Answer **0**"


def test_a_whole_branch_has_nothing_older(alice: User) -> None:
    assert not messages.newest(conversation_of(alice, pairs=2), limit=4).has_older


def test_an_empty_conversation(alice: User) -> None:
    assert messages.newest(conversation_of(alice, pairs=0)).messages == []


def test_other_versions_are_not_of_the_branch(alice: User) -> None:
    conversation = conversation_of(alice, pairs=2)
    first = Message.objects.get(conversation=conversation, parent=None)
    Message.objects.create(
        conversation=conversation, parent=first, role="assistant", parts=as_parts("Another")
    )
    assert "Another" not in texts(messages.newest(conversation))


def test_pages_upwards_meet_without_gap_or_repetition(alice: User) -> None:
    conversation = conversation_of(alice, pairs=25)
    stretch = messages.newest(conversation, limit=7)
    seen = texts(stretch)
    while stretch.has_older:
        stretch = messages.before(stretch.messages[0], limit=7)
        seen = texts(stretch) + seen
    assert seen == [
        text for number in range(25) for text in (f"Question {number}", f"Answer **{number}**")
    ]


@pytest.mark.parametrize("pairs", [10, 20, 2500])
def test_costs_six_queries_at_any_length(alice: User, pairs: int) -> None:
    conversation = conversation_of(alice, pairs=pairs)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        stretch = messages.newest(conversation)
        assert all(message.generation for message in stretch.messages if message.role != "user")
    # Ids of the branch, messages, runs with their models, files, versions of turns, and versions of
    # the first turn.
    assert len(queries) == (6 if pairs < 25 else 5)


def numbers(stretch: messages.MessagePage) -> list[tuple[int, int]]:
    places = [stretch.places[message.pk] for message in stretch.messages]
    return [(place.number, place.count) for place in places]


def test_each_message_knows_its_place_among_the_versions_of_its_turn(alice: User) -> None:
    conversation = conversation_of(alice, pairs=2)
    first, answer = list(conversation.messages.order_by("id"))[:2]
    add_version(conversation, first, "Another first question")
    add_version(conversation, answer, "Another answer")
    stretch = messages.newest(conversation)
    assert numbers(stretch) == [(1, 2), (1, 2), (1, 1), (1, 1)]
    assert stretch.places[answer.pk].before is None
    beside = stretch.places[answer.pk].after
    assert beside is not None
    assert Message.objects.get(pk=beside).text == "Another answer"
    assert stretch.leaf_id == stretch.messages[-1].pk


def test_a_deleted_version_has_no_place_and_takes_none(alice: User) -> None:
    conversation = conversation_of(alice, pairs=1)
    version = add_version(conversation, conversation.messages.get(role="assistant"), "Another")
    Message.objects.filter(pk=version.pk).update(deleted_at=version.created)
    assert numbers(messages.newest(conversation)) == [(1, 1), (1, 1)]
    assert version.pk not in messages.ending_with(version).places


def test_versions_cost_no_query_each(alice: User) -> None:
    conversation = conversation_of(alice, pairs=5)
    for message in conversation.messages.all():
        for number in range(3):
            add_version(conversation, message, f"Version {number}")
    with CaptureQueriesContext(connection) as queries:
        assert numbers(messages.newest(conversation)) == [(1, 4)] * 10
    assert len(queries) == 6


def test_what_stands_from_a_message_on(alice: User) -> None:
    conversation = conversation_of(alice, pairs=3)
    third = conversation.messages.order_by("id")[2]
    stretch = messages.beginning_with(conversation, third.pk)
    assert stretch is not None
    assert texts(stretch) == ["Question 1", "Answer **1**", "Question 2", "Answer **2**"]
    assert stretch.previous is not None
    whole = messages.beginning_with(conversation, None)
    assert whole is not None
    assert len(whole.messages) == 6
    assert not whole.has_older


def test_more_than_a_page_may_hold_is_not_told_in_one_piece(alice: User) -> None:
    conversation = conversation_of(alice, pairs=messages.LONGEST // 2 + 1)
    assert messages.beginning_with(conversation, None) is None
    first = conversation.messages.order_by("id")[0]
    assert messages.beginning_with(conversation, first.pk) is None


def add_version(conversation: Conversation, message: Message, text: str) -> Message:
    """Add a sibling of ``message``."""
    return Message.objects.create(
        conversation=conversation,
        parent=message.parent,
        role=message.role,
        parts=as_parts(text),
    )

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations.models import Message, User
from conversations.queries import messages
from tests.branches import as_parts, conversation_of


def texts(stretch: messages.Stretch) -> list[str]:
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
def test_costs_three_queries_at_any_length(alice: User, pairs: int) -> None:
    conversation = conversation_of(alice, pairs=pairs)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        stretch = messages.newest(conversation)
        assert all(message.generation for message in stretch.messages if message.role != "user")
    # The branch's ids; the messages; their runs with the models.
    assert len(queries) == 3

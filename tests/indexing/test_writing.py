"""Each action that stores text updates the index in the same transaction."""

from __future__ import annotations

import uuid

import pytest

from conversations.actions import conversations as actions
from conversations.actions.messages import Draft, send_message
from conversations.actions.runs import Sent
from conversations.generation.records import leases
from conversations.indexing import writing
from conversations.models import Conversation, Generation, LanguageModel, Message, SearchPiece, User
from conversations.models.identifiers import new_id
from tests.branches import as_parts, conversation_of, last_run
from tests.conftest import wait_for
from tests.fakes.upstream import FakeUpstream
from tests.sockets import session_of


def indexed(message: Message) -> list[str]:
    """Return the indexed words of a message."""
    rows = SearchPiece.objects.filter(message=message).order_by("id")
    return [row.words.split(" ", 1)[1] for row in rows]


def send(user: User, text: str) -> Sent:
    draft = Draft(id=new_id(), text=text, model=LanguageModel.objects.get(name="gpt-5.4"))
    return send_message(
        user=user, conversation=None, parent_id=None, draft=draft, session_key=session_of(user)
    )


@pytest.mark.usefixtures("running_engine", "upstream_connection")
def test_what_is_sent_is_indexed_at_once_and_its_answer_at_its_end(
    alice: User, fake_upstream: FakeUpstream
) -> None:
    gate = fake_upstream.hold("Root of ", "staffing")
    sent = send(alice, "How many, 客服?")
    assert indexed(sent.message) == ["how many 客 服"]
    title = SearchPiece.objects.get(message=None)
    assert title.words == f"t{alice.pk.hex} how many 客 服"
    gate.release()
    wait_for(lambda: not Generation.objects.get(pk=sent.generation.pk).is_active)
    assert indexed(sent.answer) == ["root of staffing"]


def test_what_a_dead_process_left_is_indexed_when_it_is_swept(alice: User) -> None:
    conversation = conversation_of(alice, pairs=2)
    run = last_run(conversation)
    Generation.objects.filter(pk=run.pk).update(status="running", lease_owner=uuid.uuid4())
    assert leases.interrupt_orphans() == 1
    assert conversation.leaf
    assert indexed(conversation.leaf) == ["answer 1"]
    assert SearchPiece.objects.count() == 1


def test_an_answer_that_is_continued_is_indexed_once(alice: User) -> None:
    message = conversation_of(alice).messages.get(role="assistant")
    for text in ("The first half", "The first half and the other"):
        message.parts = as_parts(text)
        writing.put_message(message)
    assert indexed(message) == ["the first half and the other"]


def test_what_was_thought_is_not_what_was_said(alice: User) -> None:
    message = conversation_of(alice).messages.get(role="assistant")
    message.parts = [{"type": "reasoning", "text": "Hm."}, *as_parts("Yes.")]
    writing.put_message(message)
    assert indexed(message) == ["yes"]


def test_a_title_without_words_has_no_piece(alice: User) -> None:
    conversation = Conversation.objects.create(owner=alice, title="Words")
    writing.put_title(conversation)
    actions.rename(conversation, "???")
    assert not SearchPiece.objects.exists()

"""Continue an answer that was cut off, in the same message."""

from __future__ import annotations

import pytest

from conversations.actions.generations import stop_generation
from conversations.actions.runs import continue_answer
from conversations.actions.tree import BusyError
from conversations.generation.live import hub
from conversations.generation.request.context import CONTINUE
from conversations.models import Generation, Message, User
from tests.conftest import wait_for
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import ended, send
from tests.sockets import session_of

pytestmark = pytest.mark.usefixtures("running_engine", "upstream_connection")


def test_continue_appends_to_the_same_message(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.say("One, two", finish="length")
    fake_upstream.say(", three.")
    sent = send(alice, "Count")
    assert ended(sent.generation).finish_reason == "length"
    answer = Message.objects.get(pk=sent.answer.pk)
    again = continue_answer(user=alice, message=answer, session_key=session_of(alice))
    assert again.answer.pk == answer.pk
    assert ended(again.generation).status == "completed"
    answer.refresh_from_db()
    assert answer.text == "One, two, three."
    assert "One, two, three." in answer.html
    assert fake_upstream.bodies[1]["messages"] == [
        {"role": "user", "content": "Count"},
        {"role": "assistant", "content": "One, two"},
        {"role": "user", "content": CONTINUE},
    ]
    assert Message.objects.filter(conversation=answer.conversation).count() == 2


def test_a_continuation_that_fails_keeps_the_text(alice: User, fake_upstream: FakeUpstream) -> None:
    gate = fake_upstream.hold("So far")
    fake_upstream.fail(401, "no")
    sent = send(alice)
    assert gate.wait_reached()
    wait_for(lambda: (view := hub.view(sent.generation.pk)) and view.blocks)
    stop_generation(Generation.objects.get(pk=sent.generation.pk))
    ended(sent.generation)
    answer = Message.objects.get(pk=sent.answer.pk)
    failed = ended(
        continue_answer(user=alice, message=answer, session_key=session_of(alice)).generation
    )
    assert (failed.status, failed.error_kind) == ("failed", "key_refused")
    answer.refresh_from_db()
    assert answer.text == "So far"
    assert "So far" in answer.html


def test_a_finished_answer_is_not_continued(alice: User) -> None:
    sent = send(alice)
    ended(sent.generation)
    with pytest.raises(BusyError):
        continue_answer(
            user=alice,
            message=Message.objects.get(pk=sent.answer.pk),
            session_key=session_of(alice),
        )


def test_the_estimate_counts_the_new_words_only(alice: User, fake_upstream: FakeUpstream) -> None:
    fake_upstream.say("word " * 400, finish="length")
    fake_upstream.script(behaviours.say("end", usage=False))
    sent = send(alice)
    ended(sent.generation)
    answer = Message.objects.get(pk=sent.answer.pk)
    run = ended(
        continue_answer(user=alice, message=answer, session_key=session_of(alice)).generation
    )
    assert run.is_usage_estimated
    assert run.completion_tokens is not None
    assert run.completion_tokens <= 3

"""Versions of a turn: shown, written, deleted, restored, copied."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from conversations.actions import branches, forks, tree
from conversations.actions.messages import (
    IdTakenError,
    Revision,
    revise_answer,
    revise_question,
)
from conversations.actions.runs import regenerate
from conversations.actions.tree import BusyError
from conversations.models import Conversation, LanguageModel, Message, User
from conversations.models.conversations import RETENTION
from conversations.models.identifiers import new_id
from conversations.queries.paths import path_to
from conversations.upkeep import trash
from tests.branches import as_parts, conversation_of, last_run
from tests.conftest import wait_for
from tests.fakes.upstream import FakeUpstream
from tests.generation.helpers import ended, send
from tests.sockets import off_loop


def shown(conversation: Conversation) -> list[str]:
    conversation.refresh_from_db()
    return [message.text for message in path_to(conversation.leaf_id)]


def said(conversation: Conversation, text: str) -> Message:
    return next(row for row in conversation.messages.all() if row.text == text)


@pytest.fixture
def conversation(alice: User) -> Conversation:
    """A conversation of two questions, the first with a second version that has replies."""
    conversation = conversation_of(alice, pairs=2)
    parent = None
    for role, text in (("user", "Other question"), ("assistant", "Other answer"), ("user", "On")):
        parent = Message.objects.create(
            conversation=conversation, parent=parent, role=role, parts=as_parts(text)
        )
    return conversation


MAIN = ["Question 0", "Answer **0**", "Question 1", "Answer **1**"]
OTHER = ["Other question", "Other answer", "On"]


def test_a_version_is_shown_down_to_its_end(conversation: Conversation) -> None:
    branches.show(said(conversation, "Other question"))
    assert shown(conversation) == OTHER
    branches.show(said(conversation, "Question 0"))
    assert shown(conversation) == MAIN


def test_each_version_comes_back_as_it_was_left(conversation: Conversation) -> None:
    middle = said(conversation, "Question 1")
    version = Message.objects.create(
        conversation=conversation, parent=middle.parent, role="user", parts=as_parts("Later")
    )
    branches.show(said(conversation, "Question 0"))
    assert shown(conversation)[-1] == "Later"  # the newest, because none was shown before
    branches.show(middle)
    branches.show(said(conversation, "Other question"))
    branches.show(said(conversation, "Question 0"))
    assert shown(conversation) == MAIN
    branches.show(version)
    branches.show(said(conversation, "Other question"))
    branches.show(said(conversation, "Answer **0**"))
    assert shown(conversation) == ["Question 0", "Answer **0**", "Later"]


def test_what_is_shown_counts_and_what_changes_nothing_does_not(conversation: Conversation) -> None:
    before = conversation.revision
    branches.show(said(conversation, "Other answer"))
    branches.show(said(conversation, "Other question"))
    conversation.refresh_from_db()
    assert conversation.revision == before + 1


def test_a_deletion_takes_all_that_follows_and_undo_brings_it_back(
    conversation: Conversation,
) -> None:
    branches.delete(said(conversation, "Answer **0**"))
    assert shown(conversation) == ["Question 0"]
    assert Message.objects.visible().filter(conversation=conversation).count() == 4
    branches.restore(said(conversation, "Answer **0**"))
    assert shown(conversation) == MAIN


def test_after_a_deletion_the_version_shown_before_is_shown(conversation: Conversation) -> None:
    branches.delete(said(conversation, "Question 0"))
    assert shown(conversation) == OTHER
    branches.delete(said(conversation, "Other question"))
    assert shown(conversation) == []
    branches.restore(said(conversation, "Question 0"))
    assert shown(conversation) == MAIN


def test_what_was_deleted_elsewhere_does_not_change_what_is_shown(
    conversation: Conversation,
) -> None:
    before = conversation.revision
    branches.delete(said(conversation, "On"))
    assert shown(conversation) == MAIN
    assert conversation.revision == before + 1  # also where the number of versions may have changed


def test_each_deletion_is_undone_by_itself(conversation: Conversation) -> None:
    branches.delete(said(conversation, "Answer **1**"))
    branches.delete(said(conversation, "Answer **0**"))
    branches.restore(said(conversation, "Answer **0**"))
    assert shown(conversation) == MAIN[:3]
    branches.restore(said(conversation, "Answer **1**"))
    assert shown(conversation) == MAIN


def test_an_undo_below_another_deletion_waits_for_that(conversation: Conversation) -> None:
    branches.delete(said(conversation, "Answer **1**"))
    branches.delete(said(conversation, "Answer **0**"))
    branches.restore(said(conversation, "Answer **1**"))
    assert shown(conversation) == ["Question 0"]
    branches.restore(said(conversation, "Answer **0**"))
    assert shown(conversation) == MAIN


def test_a_deleted_version_cannot_be_shown(conversation: Conversation) -> None:
    gone = said(conversation, "Other answer")
    branches.delete(gone)
    with pytest.raises(tree.DeletedError):
        branches.show(gone)


def test_an_answer_in_other_words_stands_beside_the_model_s(conversation: Conversation) -> None:
    original = said(conversation, "Answer **1**")
    revision = Revision(id=new_id(), text="My own words")
    version = revise_answer(message=original, revision=revision)
    assert shown(conversation) == [*MAIN[:3], "My own words"]
    assert version.edited_at
    assert (version.model_name, version.parent_id) == ("gpt-5.4", original.parent_id)
    assert version.generation is None
    assert Message.objects.get(pk=original.pk).text == "Answer **1**"
    assert revise_answer(message=original, revision=revision) == version
    with pytest.raises(IdTakenError):
        revise_answer(message=original, revision=Revision(id=revision.id, text="Others"))


def test_the_same_words_are_no_version(conversation: Conversation) -> None:
    original = said(conversation, "Answer **1**")
    revise_answer(message=original, revision=Revision(id=new_id(), text="Answer **1**"))
    assert original.parent is not None
    assert original.parent.children.count() == 1


def test_a_fork_is_a_copy_up_to_there(conversation: Conversation, alice: User) -> None:
    conversation.system_prompt = "Be brief."
    conversation.save()
    rewritten = revise_answer(
        message=said(conversation, "Answer **0**"), revision=Revision(id=new_id(), text="Mine")
    )
    copy = forks.fork(rewritten)
    assert shown(copy) == ["Question 0", "Mine"]
    assert (copy.owner, copy.title, copy.system_prompt) == (alice, "Branch: A talk", "Be brief.")
    answer = copy.messages.get(role="assistant")
    assert (answer.model_name, answer.generation) == ("gpt-5.4", None)
    assert answer.edited_at == rewritten.edited_at
    assert answer.created == rewritten.created
    assert not copy.is_unread
    assert shown(conversation) == ["Question 0", "Mine"]
    assert conversation.messages.count() == 8


def test_a_fork_leaves_out_what_was_never_answered(alice: User) -> None:
    conversation = conversation_of(alice, pairs=2)
    Message.objects.filter(pk=said(conversation, "Answer **0**").pk).update(parts=[])
    leaf = conversation.messages.order_by("id").last()
    assert leaf is not None
    assert shown(forks.fork(leaf)) == ["Question 0", "Question 1", "Answer **1**"]


def test_a_fork_of_a_long_branch_is_a_few_queries(
    alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    conversation = conversation_of(alice, pairs=600)
    assert conversation.leaf
    with django_assert_max_num_queries(60):
        copy = forks.fork(conversation.leaf)
    assert copy.messages.count() == 1200


@pytest.mark.django_db(transaction=True)
async def test_what_was_deleted_is_erased_after_thirty_days(alice: User) -> None:
    def prepare() -> Conversation:
        conversation = conversation_of(alice, pairs=3)
        question, later = said(conversation, "Question 1"), said(conversation, "Question 2")
        branches.delete(later)
        branches.delete(question)
        old = question.conversation.messages.get(pk=question.pk).deleted_at
        long_ago = timezone.now() - RETENTION
        Message.objects.filter(deleted_at=old).update(deleted_at=long_ago)
        Message.objects.filter(pk=later.pk).update(deleted_at=long_ago)
        return conversation

    conversation = await off_loop(prepare)
    await trash.empty()
    assert await off_loop(lambda: shown(conversation)) == ["Question 0", "Answer **0**"]
    assert await off_loop(conversation.messages.count) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("running_engine", "upstream_connection")
class TestWithRuns:
    """Runs in a branch that is left, edited or deleted."""

    def test_a_question_in_other_words_leaves_the_first_answer_running(
        self, alice: User, fake_upstream: FakeUpstream
    ) -> None:
        gate = fake_upstream.hold("First")
        sent = send(alice, "Draft")
        assert gate.wait_reached()
        revised = revise_question(
            user=alice,
            message=sent.message,
            revision=Revision(id=new_id(), text="Final"),
            model=LanguageModel.objects.get(name="gpt-5.4"),
            session_key="",
        )
        assert ended(revised.generation).status == "completed"
        conversation = Conversation.objects.get()
        assert shown(conversation) == ["Final", "You said: Final"]
        sent.generation.refresh_from_db()
        assert sent.generation.is_active
        gate.release()
        assert ended(sent.generation).status == "completed"
        assert Message.objects.get(pk=sent.answer.pk).text == "First"

    def test_the_same_revision_again_starts_nothing(self, alice: User) -> None:
        sent = send(alice, "Draft")
        ended(sent.generation)
        revision = Revision(id=new_id(), text="Final")
        model = LanguageModel.objects.get(name="gpt-5.4")
        first, second = (
            revise_question(
                user=alice, message=sent.message, revision=revision, model=model, session_key=""
            )
            for _ in range(2)
        )
        ended(first.generation)
        assert first.answer == second.answer
        assert Message.objects.filter(parent=None).count() == 2

    def test_what_was_edited_is_what_the_model_reads(
        self, alice: User, fake_upstream: FakeUpstream
    ) -> None:
        sent = send(alice, "Hello")
        ended(sent.generation)
        answer = Message.objects.get(pk=sent.answer.pk)
        revise_answer(message=answer, revision=Revision(id=new_id(), text="Mine"))
        ended(send(alice, "And?", Conversation.objects.get()).generation)
        assert [turn["content"] for turn in fake_upstream.bodies[1]["messages"]] == [
            "Hello",
            "Mine",
            "And?",
        ]

    def test_a_deleted_run_stops_and_its_text_comes_back(
        self, alice: User, fake_upstream: FakeUpstream
    ) -> None:
        gate = fake_upstream.hold("So far")
        sent = send(alice, "Hello")
        assert gate.wait_reached()
        branches.delete(sent.message)
        assert ended(sent.generation).status == "stopped"
        assert shown(Conversation.objects.get()) == []
        branches.restore(sent.message)
        assert wait_for(lambda: shown(Conversation.objects.get()) == ["Hello", "So far"])

    def test_a_question_without_an_answer_is_answered(self, alice: User) -> None:
        sent = send(alice, "Hello")
        ended(sent.generation)
        branches.delete(sent.answer)
        again = regenerate(
            user=alice,
            message=Message.objects.get(pk=sent.message.pk),
            model=LanguageModel.objects.get(name="gpt-4.1"),
            session_key="",
        )
        assert ended(again.generation).model_name == "gpt-4.1"
        assert again.message == sent.message

    def test_words_beside_a_deleted_message_are_kept_below_one_they_are_refused(
        self, alice: User
    ) -> None:
        sent = send(alice, "Hello")
        ended(sent.generation)
        second = send(alice, "And?", Conversation.objects.get())
        ended(second.generation)
        model = LanguageModel.objects.get(name="gpt-5.4")
        branches.delete(second.message)
        again = revise_question(
            user=alice,
            message=second.message,
            revision=Revision(id=new_id(), text="Kept"),
            model=model,
            session_key="",
        )
        ended(again.generation)
        assert shown(Conversation.objects.get())[2] == "Kept"
        branches.delete(sent.answer)
        with pytest.raises(tree.DeletedError):
            revise_question(
                user=alice,
                message=second.message,
                revision=Revision(id=new_id(), text="Lost?"),
                model=model,
                session_key="",
            )

    def test_what_is_on_its_way_is_neither_rewritten_nor_copied(
        self, alice: User, fake_upstream: FakeUpstream
    ) -> None:
        gate = fake_upstream.hold("So far")
        sent = send(alice, "Hello")
        assert gate.wait_reached()
        for act in (
            lambda: forks.fork(sent.answer),
            lambda: revise_answer(
                message=Message.objects.get(pk=sent.answer.pk),
                revision=Revision(id=new_id(), text="Mine"),
            ),
        ):
            with pytest.raises(BusyError):
                act()
        gate.release()
        assert ended(last_run(Conversation.objects.get())).status == "completed"
        assert Conversation.objects.count() == 1

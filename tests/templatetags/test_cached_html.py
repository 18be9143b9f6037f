"""Messages and rows are rendered once, and again after any change that they show."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.test.signals import template_rendered
from django.utils import timezone

from conversations.models import Conversation, Generation, Message, User
from tests.branches import as_parts, conversation_of

SignIn = Callable[[User], Client]
Change = Callable[[Conversation], object]


@pytest.fixture
def conversation(alice: User) -> Conversation:
    return conversation_of(alice, pairs=2, title="Rosters")


@pytest.fixture
def drawn() -> Iterator[list[str]]:
    """Record the name of each template that is rendered."""
    names: list[str] = []

    def note(template: Any, **_: object) -> None:
        names.append(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def thread_of(client: Client, conversation: Conversation) -> str:
    return client.get(f"/c/{conversation.pk}/thread/").content.decode()


def leaf_of(conversation: Conversation) -> Message:
    assert conversation.leaf
    return conversation.leaf


def rename(conversation: Conversation) -> None:
    User.objects.filter(pk=conversation.owner_id).update(name="Alicia")


def speak_chinese(conversation: Conversation) -> None:
    User.objects.filter(pk=conversation.owner_id).update(language="zh-hans")


def move_to_apia(conversation: Conversation) -> None:
    User.objects.filter(pk=conversation.owner_id).update(time_zone="Pacific/Apia")


def rewrite(conversation: Conversation) -> None:
    conversation.messages.filter(pk=leaf_of(conversation).pk).update(parts=as_parts("Other words"))


def add_a_version(conversation: Conversation) -> None:
    conversation.messages.create(
        parent=leaf_of(conversation).parent, role="assistant", parts=as_parts("Second")
    )


def fail(conversation: Conversation) -> None:
    runs = Generation.objects.filter(message=conversation.leaf_id)
    runs.update(status="failed", error_kind="key_refused", error_status=401)


def stop(conversation: Conversation) -> None:
    Generation.objects.filter(message=conversation.leaf_id).update(status="stopped")


def date_from_yesterday(conversation: Conversation) -> None:
    before = timezone.now() - datetime.timedelta(days=1)
    conversation.messages.exclude(pk=leaf_of(conversation).pk).update(created=before)


def attach(conversation: Conversation) -> None:
    first = conversation.messages.get(parent=None)
    first.attachments.create(owner=conversation.owner, name="figures.csv", size=3)


CHANGES = [
    rename,
    speak_chinese,
    move_to_apia,
    rewrite,
    add_a_version,
    fail,
    stop,
    date_from_yesterday,
    attach,
]


def test_it_is_drawn_once(
    alice: User, conversation: Conversation, signed_in: SignIn, drawn: list[str]
) -> None:
    client = signed_in(alice)
    first = thread_of(client, conversation)
    assert drawn.count("conversations/_message.html") == 4
    assert thread_of(client, conversation) == first
    assert drawn.count("conversations/_message.html") == 4


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_seen(
    alice: User, conversation: Conversation, signed_in: SignIn, change: Change
) -> None:
    client = signed_in(alice)
    before = thread_of(client, conversation)
    change(conversation)
    after = thread_of(client, conversation)
    assert after != before
    caches["drawn"].clear()
    assert thread_of(client, conversation) == after


def list_of(client: Client) -> str:
    return client.get("/sidebar/").content.decode()


def test_rows_are_drawn_once(
    alice: User, conversation: Conversation, signed_in: SignIn, drawn: list[str]
) -> None:
    client = signed_in(alice)
    first = list_of(client)
    assert drawn.count("conversations/_sidebar_row.html") == 1
    assert list_of(client) == first
    assert drawn.count("conversations/_sidebar_row.html") == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Shifts"},
        {"pinned_at": timezone.now()},
        {"active_at": timezone.now() + datetime.timedelta(hours=1)},
        {"answered_at": timezone.now() + datetime.timedelta(hours=1)},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_whatever_changes_in_a_row_is_seen(
    alice: User, conversation: Conversation, signed_in: SignIn, fields: dict[str, Any]
) -> None:
    client = signed_in(alice)
    before = list_of(client)
    Conversation.objects.filter(pk=conversation.pk).update(**fields)
    after = list_of(client)
    assert after != before
    caches["drawn"].clear()
    assert list_of(client) == after


def test_the_row_of_the_page_is_marked_on_it_alone(
    alice: User, conversation: Conversation, signed_in: SignIn
) -> None:
    client = signed_in(alice)
    mark = 'aria-current="page"'
    assert mark in client.get(f"/c/{conversation.pk}/").content.decode()
    assert mark not in client.get("/").content.decode()

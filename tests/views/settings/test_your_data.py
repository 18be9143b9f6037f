"""Settings → Your data: all conversations archived or deleted after a confirmation."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations.models import Conversation, User
from tests.branches import conversation_of
from tests.html import tight

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _conversations(alice: User, charlie: User) -> None:
    conversation_of(alice, title="One")
    conversation_of(alice, title="Two", archived_at=timezone.now())
    conversation_of(charlie, title="Charlie’s")


@pytest.mark.parametrize(
    ("name", "question", "column"),
    [
        ("data_archiving", "Archive 1 conversation?", "archived_at"),
        ("data_deletion", "Delete 2 conversations?", "deleted_at"),
    ],
)
def test_only_after_the_question_and_only_ones_own(
    alice: User, signed_in: SignIn, name: str, question: str, column: str
) -> None:
    client, done = signed_in(alice), Conversation.objects.exclude(**{column: None})
    before = done.count()
    assert question in client.post(reverse(name)).content.decode()
    assert done.count() == before
    answer = client.post(reverse(name), {"confirmed": "yes"}, follow=True)
    assert answer.redirect_chain == [(reverse("settings_data"), 302)]
    assert done.count() == 2
    assert not done.filter(title="Charlie’s").exists()


def test_the_page_counts(alice: User, signed_in: SignIn) -> None:
    html = tight(signed_in(alice).get(reverse("settings_data")).content.decode())
    assert "1 conversation<" in html
    assert "2 conversations<" in html


def test_nobody_is_led_to_the_sign_in() -> None:
    assert Client().get(reverse("settings_data")).status_code == 302
    for name in ("data_archiving", "data_deletion"):
        assert Client().post(reverse(name)).status_code == 302

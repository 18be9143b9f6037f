"""A session that ends while the user writes: the page says so, and the text is kept."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.db import connections
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import Conversation, Message, User
from tests.branches import conversation_of
from tests.browser.pages import sign_in
from tests.browser.watching import open_tab
from tests.conftest import PASSWORD
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def conversation(alice: User) -> Conversation:
    return conversation_of(alice, pairs=60)


@pytest.fixture
def opened(
    context: BrowserContext, live_site: LiveSite, alice: User, conversation: Conversation
) -> Page:
    """The conversation's page, whose session has ended since."""
    # The server's hasher is used, because it does not know the quick one of the tests.
    alice.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt")
    alice.save()
    sign_in(context, live_site, alice)
    connections.close_all()
    page, _ = open_tab(context, live_site, f"/c/{conversation.pk}/")
    Session.objects.all().delete()
    return page


def test_a_message_survives_the_sign_in(opened: Page, live_site: LiveSite) -> None:
    count = Message.objects.count()
    box = opened.get_by_role("textbox", name="Message", exact=True)
    box.fill("A thought of an hour")
    box.press("Enter")
    dialog = opened.get_by_role("dialog", name="You are signed out")
    expect(dialog).to_be_visible()
    expect(box).to_have_value("A thought of an hour")
    # The heading gets the focus, so that keys typed while the dialog opens press no button.
    expect(dialog.get_by_role("heading")).to_be_focused()
    opened.keyboard.press("Enter")
    path = opened.url
    dialog.get_by_role("link", name="Sign in").click()
    opened.get_by_label("Email").fill("alice@example.com")
    opened.get_by_label("Password").fill(PASSWORD)
    opened.keyboard.press("Enter")
    opened.wait_for_url(path)
    expect(box).to_have_value("A thought of an hour")
    assert Message.objects.count() == count


def test_older_messages_are_not_replaced_by_the_sign_in_page(opened: Page) -> None:
    opened.locator("#scroll").evaluate("scroller => scroller.scrollTo(0, 0)")
    expect(opened.get_by_role("dialog", name="You are signed out")).to_be_visible()
    assert opened.locator("chat-stream article").count() == 50
    assert opened.locator("input[type=password]").count() == 0

"""Feedback after an act, and its place: copies, toasts, notes, the focus after Stop."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, FloatRect, Locator, Page, expect

from conversations.actions.managed_connections import sync_demo_connection
from conversations.models import Connection, Conversation, Message, User
from tests.branches import as_parts, conversation_of
from tests.browser.pages import complaints_of, painted, ready, sign_in
from tests.browser.watching import ANSWER, ended, open_tab, send
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
WORDS = {"en": ("Copy", "Copied"), "zh-hans": ("复制", "已复制")}


@pytest.fixture
def conversation(live_site: LiveSite, alice: User, upstream_connection: Connection) -> Conversation:
    return conversation_of(alice)


def box(element: Locator) -> FloatRect:
    found = element.bounding_box()
    assert found
    return found


def open_at(
    context: BrowserContext, site: LiveSite, conversation: Conversation, width: int = 1440
) -> Page:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site.url}/c/{conversation.pk}/")
    ready(page)
    return page


@pytest.mark.parametrize("code", WORDS)
def test_a_copy_is_confirmed_at_its_button(
    context: BrowserContext, live_site: LiveSite, conversation: Conversation, code: str
) -> None:
    User.objects.update(language=code)
    copy, copied = WORDS[code]
    sign_in(context, live_site, conversation.owner)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = open_at(context, live_site, conversation)
    answer = page.locator(ANSWER).last
    button = answer.get_by_role("button", name=copy, exact=True).first
    button.click()
    expect(answer.get_by_text(copied, exact=True)).to_be_visible()
    expect(answer.get_by_text(copied, exact=True)).to_have_count(0)
    expect(button.locator("use")).to_have_attribute("href", re.compile("#copy$"))


@pytest.mark.parametrize("width", [1440, 900, 390])
def test_a_toast_stands_above_the_composer_and_in_its_column(
    context: BrowserContext, live_site: LiveSite, conversation: Conversation, width: int
) -> None:
    sign_in(context, live_site, conversation.owner)
    page = open_at(context, live_site, conversation, width)
    answer = page.locator(ANSWER).last
    answer.get_by_role("button", name="More actions").click()
    answer.get_by_role("button", name="Delete").click()
    expect(page.locator(".toast")).to_contain_text("Undo")
    toast, composer = box(page.locator(".toast")), box(page.locator(".composer"))
    assert toast["y"] + toast["height"] <= composer["y"]
    middle, column = toast["x"] + toast["width"] / 2, composer["x"] + composer["width"] / 2
    assert abs(middle - column) <= 2
    assert toast["x"] >= 0
    assert toast["x"] + toast["width"] <= width


def test_the_note_to_wait_goes_with_the_reply(
    context: BrowserContext,
    live_site: LiveSite,
    alice: User,
    upstream_connection: Connection,
    fake_upstream: FakeUpstream,
) -> None:
    sign_in(context, live_site, alice)
    gate = fake_upstream.hold("Here I am")
    page, _ = open_tab(context, live_site)
    send(page)
    expect(page.locator(f"{ANSWER} .prose")).to_have_text("Here I am")
    page.get_by_role("textbox", name="Message", exact=True).fill("More")
    page.keyboard.press("Enter")
    note = page.locator("#composer-note")
    expect(note).to_have_text("Wait for the reply, or stop it.")
    gate.release()
    ended(page, "completed")
    expect(note).to_have_text("")
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_have_value("More")


def test_stop_on_a_touch_screen_opens_no_keyboard(
    browser: Browser,
    live_site: LiveSite,
    alice: User,
    upstream_connection: Connection,
    fake_upstream: FakeUpstream,
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True, locale="en"
    )
    sign_in(context, live_site, alice)
    gate = fake_upstream.hold("Here I am")
    page, _ = open_tab(context, live_site)
    send(page)
    expect(page.locator(f"{ANSWER} .prose")).to_have_text("Here I am")
    page.get_by_role("button", name=re.compile("Stop")).tap()
    ended(page, "stopped")
    expect(page.locator("[data-send]")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message", exact=True)).not_to_be_focused()
    assert page.evaluate("document.activeElement.matches('input, textarea')") is False
    gate.release()
    context.close()


def test_code_in_a_transcript_is_copied_and_wrapped(
    context: BrowserContext, live_site: LiveSite, alice: User, rita: User
) -> None:
    row = conversation_of(alice)
    assert row.leaf
    Message.objects.filter(pk=row.leaf.pk).update(parts=as_parts("```python\nprint(1)\n```"))
    sign_in(context, live_site, rita)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    complaints = complaints_of(page)
    page.goto(f"{live_site.url}/admin/conversations/conversation/{row.pk}/change/")
    ready(page)
    bar = page.locator("code-copy").first
    bar.get_by_role("button", name="Wrap").click()
    expect(page.locator(".code--wrap")).to_be_visible()
    bar.get_by_role("button", name="Copy code").click()
    expect(bar.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").strip() == "print(1)"
    assert complaints == []


@pytest.mark.parametrize("role", [User.Role.MEMBER, User.Role.ADMINISTRATOR])
def test_a_new_chat_says_that_this_is_the_demo(
    context: BrowserContext, live_site: LiveSite, alice: User, role: User.Role
) -> None:
    User.objects.filter(pk=alice.pk).update(role=role)
    sync_demo_connection("http://127.0.0.1:9/v1", "k" * 20)
    sign_in(context, live_site, alice)
    page, _ = open_tab(context, live_site)
    expect(page.get_by_text("This is the demo")).to_be_visible()
    link = page.get_by_role("link", name="Connect an API")
    expect(link).to_have_count(int(role == User.Role.ADMINISTRATOR))


def test_a_move_up_without_a_hand_holds_while_an_answer_grows(
    context: BrowserContext,
    live_site: LiveSite,
    alice: User,
    upstream_connection: Connection,
    fake_upstream: FakeUpstream,
) -> None:
    """A search in the page moves it so, and a screen reader."""
    sign_in(context, live_site, alice)
    gate = fake_upstream.hold("A line.\n\n" * 200)
    page, _ = open_tab(context, live_site)
    send(page)
    expect(page.locator(f"{ANSWER} .block")).to_have_count(200)
    scroller = page.locator("#scroll")
    scroller.evaluate("scroller => { scroller.scrollTop = 100; }")
    painted(page)
    assert scroller.evaluate("scroller => scroller.scrollTop") == 100
    gate.release()
    ended(page, "completed")
    assert scroller.evaluate("scroller => scroller.scrollTop") == 100

"""The trail of an answer, whose heading is true at every moment."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from conversations.models import Connection, User
from tests.browser.accessibility import violations
from tests.browser.pages import ready, send, sign_in
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CALL = ("calculator", '{"expression": "6 * 7"}')
COMPLETED = "article[data-role=assistant][data-status=completed]"


@pytest.fixture
def chat(
    context: BrowserContext, live_site: LiveSite, alice: User, upstream_connection: Connection
) -> Page:
    sign_in(context, live_site, alice)
    page = context.new_page()
    page.goto(live_site.url)
    ready(page)
    return page


def heading(page: Page) -> Locator:
    return page.locator("article[data-role=assistant] .steps__sum").last


def state(page: Page) -> Locator:
    return page.locator("composer-state")


def test_it_thinks_until_the_first_word_and_then_it_has_thought(
    chat: Page, fake_upstream: FakeUpstream
) -> None:
    thinking, writing = behaviours.Hold(), behaviours.Hold()
    fake_upstream.script(
        behaviours.think("Let me see.", "Still 24 words of it.", holds=(thinking, writing))
    )
    send(chat, "Think about it")
    assert thinking.wait_reached()
    expect(heading(chat)).to_contain_text(re.compile(r"Thinking, \d+ s"))
    expect(heading(chat).locator(".spinner")).to_be_visible()
    expect(chat.get_by_text("Waiting for the first word")).to_be_hidden()
    expect(state(chat)).to_have_text("", use_inner_text=True)
    # The clock runs without a word of the server.
    before = heading(chat).inner_text()
    expect(heading(chat)).not_to_have_text(before, use_inner_text=True)
    other = chat.context.new_page()
    other.goto(chat.url)
    ready(other)
    expect(heading(other)).to_contain_text(re.compile(r"Thinking, \d+ s"))
    thinking.release()
    assert writing.wait_reached()
    for page in (chat, other):
        expect(heading(page)).to_contain_text(re.compile(r"Thought for \d+ s"))
        expect(heading(page).locator(".spinner")).to_have_count(0)
        expect(state(page)).to_have_text("Replying, 6 tokens", use_inner_text=True)
    assert violations(chat) == []
    writing.release()
    expect(chat.locator(COMPLETED)).to_have_count(1)
    expect(state(chat)).to_have_text("", use_inner_text=True)
    expect(heading(chat)).to_contain_text(re.compile(r"Thought for \d+ s"))
    heading(chat).click()
    expect(chat.locator("[data-reasoning-text]")).to_have_text("Let me see.")
    expect(chat.locator("[data-reasoning-text]")).to_be_visible()


def test_it_uses_tools_and_has_used_them_with_the_first_word(
    chat: Page, fake_upstream: FakeUpstream
) -> None:
    calling = behaviours.Hold()
    fake_upstream.script(
        behaviours.call(CALL, ("current_time", "{}"), hold=calling, reasoning=("Hm.",))
    )
    writing = fake_upstream.hold("It is 42.")
    send(chat, "6 * 7, and the time?")
    assert calling.wait_reached()
    expect(heading(chat)).to_contain_text("Using 2 tools")
    expect(heading(chat)).to_contain_text(re.compile(r"\d+ s"))
    calling.release()
    assert writing.wait_reached()
    expect(heading(chat)).to_contain_text(re.compile(r"Thought for \d+ s, used 2 tools"))
    expect(state(chat)).to_contain_text("Replying")
    writing.release()
    expect(chat.locator(COMPLETED)).to_have_count(1)
    expect(heading(chat)).to_contain_text(re.compile(r"Thought for \d+ s, used 2 tools"))
    expect(chat.locator(".steps")).not_to_have_attribute("open", "")
    steps = chat.locator(".step")
    heading(chat).click()
    expect(steps.nth(1)).to_contain_text("Ran Calculator")
    expect(steps.nth(2)).to_contain_text("Checked the time")


def test_it_does_not_fold_under_the_focus(chat: Page, fake_upstream: FakeUpstream) -> None:
    calling = behaviours.Hold()
    fake_upstream.script(behaviours.call(CALL, hold=calling))
    fake_upstream.say("It is 42.")
    send(chat, "6 * 7?")
    assert calling.wait_reached()
    line = chat.locator(".step summary")
    line.focus()
    calling.release()
    expect(chat.locator(COMPLETED)).to_have_count(1)
    expect(chat.locator(".steps")).to_have_attribute("open", "")
    expect(line).to_be_focused()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_question_fits_the_screen_in_chinese(
    chat: Page, alice: User, fake_upstream: FakeUpstream, width: int
) -> None:
    alice.tool_modes = {"calculator": "always"}
    alice.language = "zh-hans"
    alice.save()
    page = chat
    page.set_viewport_size({"width": width, "height": 800})
    page.reload()
    ready(page)
    fake_upstream.call(CALL)
    page.locator("#text").fill("6 * 7?")
    page.keyboard.press("Enter")
    waiting = page.locator(".step--waiting")
    expect(waiting).to_contain_text("允许“计算器”运行？")
    expect(waiting).to_contain_text(re.compile(r"明天 .* 将自动拒绝"))
    expect(heading(page)).to_contain_text("等你确认")
    expect(state(page)).to_have_text("等你确认", use_inner_text=True)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for element in (waiting.locator(".ask"), waiting.locator(".step__line")):
        box = element.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    assert violations(page) == []

"""Tool calls on the page: live in every tab, and the same after a reload."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from conversations.models import Connection, Conversation, User
from tests.browser.accessibility import violations
from tests.browser.pages import ready, send, sign_in
from tests.conftest import wait_for
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def chat(
    context: BrowserContext, live_site: LiveSite, alice: User, upstream_connection: Connection
) -> Page:
    sign_in(context, live_site, alice)
    page = context.new_page()
    page.goto(live_site.url)
    ready(page)
    return page


def steps(page: Page) -> Locator:
    return page.locator("article[data-role=assistant] .step")


def test_a_call_is_shown_live_in_every_tab_and_stays(
    chat: Page, fake_upstream: FakeUpstream
) -> None:
    gate = behaviours.Hold()
    fake_upstream.script(
        behaviours.call(("calculator", '{"expression": "6 * 7"}'), text="Let me see.", hold=gate)
    )
    last = fake_upstream.hold("It is 42.")
    expect(chat.get_by_role("button", name="Tools: 5")).to_have_attribute("data-on", "")
    send(chat, "What is 6 * 7?")
    assert gate.wait_reached()
    expect(steps(chat)).to_have_count(1)
    expect(steps(chat).first).to_contain_text("Running Calculator")
    other = chat.context.new_page()
    other.goto(chat.url)
    ready(other)
    expect(steps(other).first).to_contain_text("Running Calculator")
    gate.release()
    assert last.wait_reached()
    for page in (chat, other):
        expect(steps(page).first).to_contain_text("Ran Calculator")
        expect(page.locator("[data-blocks]")).to_contain_text("It is 42.")
        expect(page.locator(".steps")).not_to_have_attribute("open", "")
    # Details that a user opened stay open when the answer ends.
    other.locator(".steps__sum").click()
    steps(other).first.locator("summary").click()
    last.release()
    for page in (chat, other):
        expect(page.locator("article[data-role=assistant]")).to_have_attribute(
            "data-status", "completed"
        )
        expect(page.locator(".steps__sum")).to_contain_text("Used 1 tool")
        expect(page.locator("[data-blocks]")).to_contain_text("It is 42.")
    expect(chat.locator(".steps")).not_to_have_attribute("open", "")
    expect(steps(other).first.locator("pre").last).to_have_text("42")
    expect(steps(other).first.locator("pre").last).to_be_visible()
    chat.reload()
    ready(chat)
    chat.locator(".steps__sum").click()
    steps(chat).first.locator("summary").click()
    expect(steps(chat).first).to_contain_text('"expression": "6 * 7"')
    assert violations(chat) == []


def test_a_failure_is_open_and_says_why(chat: Page, fake_upstream: FakeUpstream) -> None:
    fake_upstream.call(("calculator", '{"expression": "1/0"}'), ("<b>evil</b>", '{"x": "<i>"}'))
    fake_upstream.say("That has no result.")
    send(chat, "1/0?")
    expect(chat.locator("article[data-status=completed][data-role=assistant]")).to_be_visible()
    expect(steps(chat)).to_have_count(2)
    expect(steps(chat).first.locator("pre").last).to_be_visible()
    expect(steps(chat).first).to_contain_text("this divides by zero")
    expect(steps(chat).last).to_contain_text("Couldn’t run <b>evil</b>")


def test_stop_in_the_middle_of_a_call_and_going_on(
    chat: Page, fake_upstream: FakeUpstream, alice: User
) -> None:
    fake_upstream.call(("calculator", '{"expression": "1"}'))
    fake_upstream.script(behaviours.stall())
    send(chat, "1?")
    expect(steps(chat).first).to_contain_text("Ran Calculator")
    chat.get_by_role("button", name="Stop generating").click()
    expect(chat.locator("article[data-status=stopped]")).to_be_visible()
    send(chat, "Go on")
    expect(chat.locator("article[data-status=completed][data-role=assistant]")).to_have_count(1)
    assert [turn["role"] for turn in fake_upstream.bodies[-1]["messages"]] == [
        "user",
        "assistant",
        "tool",
        "user",
    ]
    conversation = wait_for(lambda: Conversation.objects.filter(owner=alice).first())
    assert (conversation.tools, conversation.tool_modes) == (None, {})


def test_a_question_is_answered_from_another_tab_after_a_reload(
    chat: Page, fake_upstream: FakeUpstream, alice: User
) -> None:
    alice.tool_modes = {"calculator": "always"}
    alice.save()
    fake_upstream.call(("calculator", '{"expression": "6 * 7"}'))
    fake_upstream.say("Two.")
    send(chat, "6 * 7?")
    waiting = chat.locator(".step--waiting")
    expect(waiting).to_contain_text("Allow “Calculator”?")
    other = chat.context.new_page()
    other.goto(chat.url)
    ready(other)
    assert violations(other) == []
    other.get_by_label("expression").fill("1 + 1")
    other.get_by_role("button", name="Allow").click()
    for page in (chat, other):
        expect(page.locator("[data-blocks]")).to_contain_text("Two.")
        expect(page.locator(".steps__sum")).to_contain_text("Used 1 tool")
        expect(page.locator(".step--waiting")).to_have_count(0)
    assert fake_upstream.bodies[1]["messages"][2]["content"] == "2"


def test_an_answer_that_waits_can_be_stopped(
    chat: Page, fake_upstream: FakeUpstream, alice: User
) -> None:
    alice.tool_modes = {"calculator": "always"}
    alice.save()
    fake_upstream.call(("calculator", '{"expression": "6 * 7"}'))
    send(chat, "6 * 7?")
    expect(chat.locator(".step--waiting")).to_be_visible()
    chat.reload()
    ready(chat)
    chat.get_by_role("button", name="Stop generating").click()
    expect(chat.locator("article[data-status=stopped]")).to_be_visible()
    expect(chat.locator(".step--waiting")).to_have_count(0)
    send(chat, "Go on")
    expect(chat.locator("article[data-status=completed][data-role=assistant]")).to_have_count(1)

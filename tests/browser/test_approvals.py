"""Tool calls that wait for approval: the keys that decide, and the marks in lists and titles."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from conversations.models import Connection, ToolApproval, User
from tests.browser.accessibility import violations
from tests.browser.pages import painted, posts_of, ready, send, sign_in
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CALL = ("calculator", '{"expression": "6 * 7"}')
# Milliseconds; a call that has just got the focus is decided by a key only after a second without
# any.
QUIET = 1_100
FOCUSED = "() => document.activeElement.matches('.step--waiting summary')"
MARKED = re.compile("^● ")


@pytest.fixture
def chat(
    context: BrowserContext, live_site: LiveSite, alice: User, upstream_connection: Connection
) -> Page:
    alice.tool_modes = {"calculator": "always"}
    alice.tools = True
    alice.save()
    sign_in(context, live_site, alice)
    page = context.new_page()
    page.clock.install()
    page.goto(live_site.url)
    ready(page)
    return page


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message", exact=True)


def waiting(page: Page) -> Locator:
    return page.locator(".step--waiting")


def asked(page: Page, fake_upstream: FakeUpstream, *calls: tuple[str, str]) -> None:
    """Send a message that the model answers by calls that need approval."""
    fake_upstream.call(*(calls or [CALL]))
    fake_upstream.say("That is all.")
    send(page, "6 * 7?")
    expect(waiting(page)).to_have_count(len(calls) or 1)


def states() -> list[str]:
    return [row.state for row in ToolApproval.objects.order_by("call_id")]


def test_the_key_a_allows_the_call_with_the_focus_but_not_while_writing(
    chat: Page, fake_upstream: FakeUpstream
) -> None:
    asked(chat, fake_upstream)
    expect(waiting(chat).get_by_role("button", name="Allow")).to_contain_text("A")
    for theme in ("dark", "light"):
        chat.emulate_media(color_scheme=theme)
        assert violations(chat) == []
    box(chat).focus()
    chat.keyboard.type("add")
    expect(box(chat)).to_have_value("add")
    argument = chat.get_by_label("expression")
    argument.fill("")
    argument.press_sequentially("0xDAD")
    argument.fill("1 + 1")
    chat.clock.fast_forward(QUIET)
    assert states() == ["waiting"]
    # Letters select items here, because a menu is open.
    chat.get_by_role("button", name="Alice").click()
    chat.keyboard.press("a")
    chat.keyboard.press("Escape")
    assert states() == ["waiting"]
    waiting(chat).locator("summary").focus()
    chat.keyboard.press("Control+a")
    chat.keyboard.press("?")
    sheet = chat.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.locator("[data-shortcut=allow]")).to_contain_text("A")
    expect(sheet.locator("[data-shortcut=deny]")).to_contain_text("D")
    chat.keyboard.press("d")
    chat.keyboard.press("Escape")
    assert states() == ["waiting"]
    expect(waiting(chat).locator("summary")).to_be_focused()
    chat.keyboard.press("a")
    expect(chat.locator("[data-blocks]")).to_contain_text("That is all.")
    assert states() == ["allowed"]
    assert fake_upstream.bodies[1]["messages"][2]["content"] == "2"
    expect(box(chat)).to_have_value("add")


def test_the_key_d_denies_the_only_call_in_sight(chat: Page, fake_upstream: FakeUpstream) -> None:
    asked(chat, fake_upstream)
    chat.locator("#scroll").focus()
    chat.clock.fast_forward(QUIET)
    chat.keyboard.press("d")
    chat.keyboard.press("d")
    expect(chat.locator("[data-blocks]")).to_contain_text("That is all.")
    assert states() == ["denied"]
    expect(chat.locator(".notice--error, .toast")).to_have_count(0)


def current(page: Page) -> Locator:
    return page.locator(".step[aria-current=true]")


def test_the_marked_question_is_answered_and_the_next_one_gets_the_focus(
    chat: Page, fake_upstream: FakeUpstream
) -> None:
    asked(chat, fake_upstream, CALL, ("calculator", '{"expression": "1"}'))
    chat.clock.fast_forward(QUIET)
    heading = chat.locator(".steps__sum").last
    expect(heading).to_contain_text("Waiting for you: 2 of 2 tools")
    expect(current(chat)).to_have_count(1)
    # Only the question that the keys answer shows them.
    expect(waiting(chat).locator("kbd:visible")).to_have_text(["A", "D"])
    chat.locator("#scroll").focus()
    chat.keyboard.press("a")
    expect(waiting(chat)).to_have_count(1)
    expect(heading).to_contain_text("Waiting for you: 1 of 2 tools")
    allowed = chat.locator(".step").first
    expect(allowed).to_contain_text("Allowed Calculator")
    expect(allowed).to_contain_text("runs with the others")
    assert states() == ["allowed", "waiting"]
    expect(current(chat).locator("summary")).to_be_focused()
    expect(current(chat).get_by_label("expression")).to_have_value("1")
    expect(waiting(chat).locator("kbd:visible")).to_have_text(["A", "D"])
    chat.keyboard.press("d")
    expect(chat.locator("[data-blocks]")).to_contain_text("That is all.")
    assert states() == ["allowed", "denied"]
    expect(box(chat)).to_be_focused()
    expect(heading).to_contain_text("Used 1 of 2 tools")
    expect(chat.locator(".step").last).to_contain_text("You denied Calculator")


def test_the_question_with_the_focus_is_the_marked_one(
    chat: Page, fake_upstream: FakeUpstream
) -> None:
    asked(chat, fake_upstream, CALL, ("calculator", '{"expression": "1"}'))
    chat.clock.fast_forward(QUIET)
    waiting(chat).last.locator("summary").focus()
    expect(current(chat)).to_have_count(1)
    chat.keyboard.press("d")
    expect(waiting(chat)).to_have_count(1)
    assert states() == ["waiting", "denied"]
    expect(current(chat).get_by_label("expression")).to_have_value("6 * 7")


def test_what_is_typed_in_one_question_stays_while_another_is_answered(
    chat: Page, fake_upstream: FakeUpstream
) -> None:
    asked(chat, fake_upstream, CALL, ("calculator", '{"expression": "1"}'))
    last = waiting(chat).last
    last.locator("summary").click()
    last.get_by_label("expression").fill("2")
    expect(last.get_by_text("You changed this.")).to_be_visible()
    waiting(chat).first.get_by_role("button", name="Allow").click()
    expect(waiting(chat)).to_have_count(1)
    expect(chat.locator(".step").first).to_contain_text("Allowed Calculator")
    field = waiting(chat).get_by_label("expression")
    expect(field).to_have_value("2")
    waiting(chat).get_by_role("button", name="Restore").click()
    expect(field).to_have_value("1")
    expect(field).to_be_focused()
    expect(waiting(chat).get_by_text("You changed this.")).to_be_hidden()


def test_always_in_this_chat_asks_no_more_and_the_composer_says_that_it_waits(
    chat: Page, fake_upstream: FakeUpstream
) -> None:
    asked(chat, fake_upstream)
    link = chat.get_by_role("link", name="Waiting for you", exact=True)
    link.click()
    expect(current(chat).locator("summary")).to_be_focused()
    waiting(chat).get_by_role("button", name="Always in this chat").click()
    expect(chat.locator("[data-blocks]")).to_contain_text("That is all.")
    expect(link).to_be_hidden()
    expect(chat.get_by_role("button", name="Send message")).to_be_visible()
    fake_upstream.call(CALL)
    fake_upstream.say("Still 42.")
    send(chat, "And again?")
    expect(chat.locator("[data-blocks]").last).to_contain_text("Still 42.")
    expect(waiting(chat)).to_have_count(0)


def test_a_call_takes_the_focus_from_an_empty_composer(
    chat: Page, fake_upstream: FakeUpstream
) -> None:
    gate = behaviours.Hold()
    fake_upstream.script(behaviours.call(CALL, hold=gate))
    fake_upstream.say("That is all.")
    send(chat, "6 * 7?")
    expect(box(chat)).to_be_focused()
    gate.release()
    line = waiting(chat).locator("summary")
    # Checked at every frame, because a user who is writing goes on within a second.
    chat.wait_for_function(FOCUSED)
    chat.keyboard.type("add a day")
    assert states() == ["waiting"]
    expect(line).to_be_focused()
    chat.clock.fast_forward(QUIET)
    chat.keyboard.press("a")
    expect(chat.locator("[data-blocks]")).to_contain_text("That is all.")
    assert states() == ["allowed"]


def test_a_call_takes_no_focus_from_a_user_who_writes(
    chat: Page, fake_upstream: FakeUpstream
) -> None:
    gate = behaviours.Hold()
    fake_upstream.script(behaviours.call(CALL, hold=gate))
    send(chat, "6 * 7?")
    assert gate.wait_reached()
    expect(chat.locator("article[aria-busy]")).to_be_visible()
    expect(box(chat)).to_be_focused()
    chat.keyboard.type("A da")
    gate.release()
    expect(waiting(chat)).to_be_visible()
    expect(box(chat)).to_be_focused()
    expect(chat.locator("#announcer")).to_have_text(
        "A tool waits for you: Calculates this on the server. Nothing leaves it."
    )


def test_row_and_tab_are_marked_until_the_call_is_decided(
    chat: Page, fake_upstream: FakeUpstream, live_site: LiveSite
) -> None:
    asked(chat, fake_upstream)
    elsewhere = chat.context.new_page()
    elsewhere.goto(live_site.url)
    ready(elsewhere)
    other = chat.context.new_page()
    other.goto(chat.url)
    ready(other)
    for page in (chat, other):
        expect(page).to_have_title(MARKED)
    for page in (chat, other, elsewhere):
        row = page.locator(".sidebar .conv").first
        expect(row.get_by_role("img", name="Waiting for your approval")).to_be_visible()
        expect(row.get_by_role("img")).to_have_count(1)
    assert violations(elsewhere) == []
    # The mark belongs to the conversation and not to the page that is opened next.
    other.get_by_role("link", name="New chat").first.click()
    expect(other).to_have_title(re.compile("^New chat"))
    other.locator(".sidebar .conv a").first.click()
    expect(other).to_have_title(MARKED)
    expect(other.locator("#announcer")).not_to_contain_text("●")
    other.goto(f"{live_site.url}/conversations/")
    listed = other.locator("main").get_by_role("img", name="Waiting for your approval")
    expect(listed).to_be_visible()
    other.goto(chat.url)
    waiting(other).get_by_role("button", name="Deny").click()
    for page in (chat, other):
        expect(page.locator("[data-blocks]")).to_contain_text("That is all.")
        expect(page).not_to_have_title(MARKED)
    for page in (chat, other, elsewhere):
        row = page.locator(".sidebar .conv").first
        expect(row.get_by_role("img", name="Waiting for your approval")).to_have_count(0)


def test_without_shortcuts_no_letter_decides(
    chat: Page, fake_upstream: FakeUpstream, alice: User
) -> None:
    alice.uses_shortcuts = False
    alice.save()
    asked(chat, fake_upstream)
    chat.reload()
    ready(chat)
    expect(waiting(chat).locator("kbd").first).to_be_hidden()
    waiting(chat).locator("summary").focus()
    posts = posts_of(chat)
    chat.keyboard.press("a")
    painted(chat)
    assert posts == []
    assert states() == ["waiting"]

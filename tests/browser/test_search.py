"""Search and the command palette, in both languages, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import Connection, Conversation, User
from conversations.views.display.palette_actions import ACTIONS
from tests.browser.accessibility import in_both_themes
from tests.browser.pages import ready, sign_in
from tests.indexed import add_message, make_conversation
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


BOX = "#palette [role=combobox]"
OPTION = "#palette [role=option]"


@pytest.fixture
def conversation(live_site: LiveSite, rita: User, upstream_connection: Connection) -> Conversation:
    """A long conversation, with the words that tests search near its beginning."""
    conversation = make_conversation(rita, title="Rosters for the desk 排班表")
    add_message(conversation, "How many do we need?")
    add_message(conversation, "Square-root **staffing** is a guide. 双十二客服")
    for number in range(130):
        last = add_message(conversation, f"Message {number}. " * 12)
    conversation.leaf = last
    conversation.save()
    make_conversation(rita, "Something else", title="Another talk")
    return conversation


@pytest.fixture
def opened(
    context: BrowserContext, live_site: LiveSite, rita: User, conversation: Conversation
) -> Iterator[Page]:
    """The conversation's page; errors and console lines of the browser fail the test."""
    sign_in(context, live_site, rita)
    connections.close_all()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_site.url}/c/{conversation.pk}/")
    ready(page)
    yield page
    # The browser reports an autofocus that comes after the test's own focus.
    told = ("status of 503", "Autofocus processing was blocked")
    assert [line for line in complaints if not any(one in line for one in told)] == []


def type_into(page: Page, text: str) -> None:
    """Open the palette by its shortcut and type."""
    page.keyboard.press("Control+k")
    box = page.locator(BOX)
    expect(box).to_be_focused()
    expect(page.locator(OPTION).first).to_be_visible()
    page.keyboard.insert_text(text)


@pytest.mark.parametrize(
    ("code", "text", "status"),
    [
        ("en", "staffing", "1 conversation, 2 actions"),
        ("zh-hans", "客服", "1 个对话，2 个操作"),
    ],
)
def test_what_was_said_is_found_opened_scrolled_to_and_marked(
    opened: Page, conversation: Conversation, code: str, text: str, status: str
) -> None:
    User.objects.update(language=code)
    opened.reload()
    ready(opened)
    type_into(opened, text)
    expect(opened.locator("#palette [data-status]")).to_have_text(status)
    first = opened.locator(OPTION).first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(first.locator("mark")).to_have_text(text)
    opened.keyboard.press("Enter")
    opened.wait_for_url(re.compile(f"/c/{conversation.pk}/.message="))
    found = opened.locator("article[data-found]")
    expect(found).to_be_focused()
    expect(found).to_be_in_viewport()
    marked = "[...(CSS.highlights.get('found') ?? [])].map(String)"
    assert opened.evaluate(marked) == [text]
    opened.go_back()
    expect(opened.locator("article[data-found]")).to_have_count(0)


def test_arrows_go_round_and_escape_leads_back(opened: Page) -> None:
    opened.locator("#text").focus()
    type_into(opened, "> theme")
    expect(opened.get_by_role("option")).to_have_text(
        ["Light theme", "Dark theme", "The system’s theme", "Appearance & language"]
    )
    box = opened.locator(BOX)
    for key, place in (("ArrowUp", 3), ("ArrowDown", 0), ("ArrowDown", 1)):
        opened.keyboard.press(key)
        expect(opened.get_by_role("option").nth(place)).to_have_attribute("aria-selected", "true")
        expect(box).to_have_attribute("aria-activedescendant", f"palette-{place}")
    opened.keyboard.press("Enter")
    expect(opened.locator("html")).to_have_attribute("data-theme", "dark")
    ready(opened)
    opened.locator("#text").focus()
    type_into(opened, "x")
    opened.keyboard.press("Escape")
    expect(opened.locator("#palette")).to_be_hidden()
    expect(opened.locator("#text")).to_be_focused()


def test_actions_act_on_the_page(opened: Page, conversation: Conversation) -> None:
    type_into(opened, ">sidebar")
    expect(opened.get_by_role("option").locator("kbd")).to_have_text(["Ctrl B"])
    opened.keyboard.press("Enter")
    expect(opened.locator("#app")).to_have_class(re.compile("is-sidebar-hidden"))
    type_into(opened, ">rename")
    # Enter at once must not run what was listed before the response came.
    opened.keyboard.press("Enter")
    field = opened.locator("main .title-form input")
    expect(field).to_be_focused()
    field.fill("Rosters, renamed")
    opened.keyboard.press("Enter")
    expect(opened.locator("h1")).to_have_text("Rosters, renamed")
    type_into(opened, "Rosters, renamed")
    expect(opened.locator(OPTION).first.locator(".hit__title")).to_have_text("Rosters, renamed")
    opened.keyboard.press("Escape")
    type_into(opened, "gpt-4o-mini")
    opened.get_by_role("option", name="Use gpt-4o-mini", exact=True).click()
    expect(opened.get_by_role("button", name="Model: gpt-4o-mini", exact=True)).to_be_visible()
    type_into(opened, "a new idea")
    opened.get_by_role("option", name="New chat with “a new idea”").click()
    expect(opened.locator("#text")).to_have_value("a new idea")
    expect(opened).to_have_url(re.compile(r"/\?text="))


def test_each_action_is_on_the_page_where_it_can_be_done(
    opened: Page, rita: User, live_site: LiveSite
) -> None:
    """Check that actions for which the answer is not in the right state are left out."""
    answered = make_conversation(rita, "Question", title="Answered")
    answer = add_message(answered, "Half an ans", role="assistant")
    answered.leaf = answer
    answered.save()
    answer.generations.create(model_name="gpt-5.4", status="stopped")
    opened.goto(f"{live_site.url}/c/{answered.pk}/")
    ready(opened)
    type_into(opened, ">")
    expect(opened.get_by_role("option", name="New chat", exact=True)).to_be_visible()
    shown = set(opened.locator("#palette [role=option] .hit__title").all_text_contents())
    missing = {str(action.label) for action in ACTIONS} - shown
    assert missing == {
        "Choose a preset",  # there is none
        "Continue the last reply",
        "Deny the waiting tool",
        "Jump to latest",
        "Let the waiting tool run",
        "Next version of the last reply",  # it has one
        "Previous version of the last reply",
        "Stop generating",
        "Unarchive this conversation",
        "Unpin this conversation",
    }


def test_the_sidebar_leaves_titles_that_match_and_enter_searches_everything(opened: Page) -> None:
    field = opened.get_by_role("searchbox", name="Search conversations")
    rows = opened.locator("conversation-list .conv:visible")
    expect(rows).to_have_count(2)
    field.fill("desk ros")
    expect(rows).to_have_count(1)
    field.fill("staffing")
    expect(rows).to_have_count(0)
    expect(opened.get_by_text("No titles match.")).to_be_visible()
    opened.keyboard.press("Escape")
    expect(rows).to_have_count(2)
    field.fill("staffing")
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/search/?q=staffing")
    passage = opened.locator(".result__passage")
    expect(passage.locator("mark")).to_have_text("staffing")
    passage.click()
    expect(opened.locator("article[data-found]")).to_be_in_viewport()


def test_a_server_that_is_away_is_told_and_what_was_found_stays(opened: Page) -> None:
    type_into(opened, "staffing")
    expect(opened.get_by_role("option")).to_have_count(3)
    opened.route("**/palette/**", lambda route: route.fulfill(status=503, body=""))
    opened.keyboard.insert_text("x")
    expect(opened.locator("#palette [data-status]")).to_contain_text("isn’t available")
    expect(opened.get_by_role("option")).to_have_count(3)


def test_without_scripts_the_page_finds_filters_and_leads_there(
    context: BrowserContext, live_site: LiveSite, rita: User, conversation: Conversation
) -> None:
    assert context.browser
    plain = context.browser.new_context(java_script_enabled=False)
    sign_in(plain, live_site, rita)
    page = plain.new_page()
    page.goto(live_site.url)
    page.get_by_role("searchbox", name="Search conversations").fill("双十二")
    page.keyboard.press("Enter")
    page.get_by_label("Said by").select_option("user")
    page.get_by_role("button", name="Search", exact=True).click()
    page.locator(".result__passage").click()
    expect(page.locator("article[data-found]")).to_be_in_viewport()
    plain.close()


@pytest.mark.parametrize(("tag", "code"), [("en", "en"), ("zh-CN", "zh-hans")])
def test_axe_finds_nothing(opened: Page, live_site: LiveSite, tag: str, code: str) -> None:
    User.objects.update(language=code)
    opened.goto(f"{live_site.url}/search/?q=something")
    expect(opened.locator("html")).to_have_attribute("lang", tag)
    found = in_both_themes(opened)
    opened.locator(".result__passage").click()
    ready(opened)
    found += in_both_themes(opened)
    type_into(opened, "something")
    expect(opened.locator("#palette mark").first).to_be_visible()
    assert found + in_both_themes(opened) == []


@pytest.mark.parametrize("code", ["en", "zh-hans"])
def test_nothing_scrolls_sideways_on_a_small_phone(
    opened: Page, live_site: LiveSite, code: str
) -> None:
    User.objects.update(language=code)
    opened.set_viewport_size({"width": 360, "height": 740})
    opened.goto(f"{live_site.url}/search/?q=staffing")
    ready(opened)
    assert opened.evaluate("document.documentElement.scrollWidth") == 360
    type_into(opened, "staffing")
    expect(opened.locator("#palette mark").first).to_be_visible()
    assert opened.evaluate("document.querySelector('#palette').scrollWidth") <= 360

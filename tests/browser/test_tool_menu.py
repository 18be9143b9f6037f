"""The composer's menu of tools: a switch and a mode for each, saved with the next message."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from conversations.models import Connection, Conversation, LanguageModel, TeamSettings, User
from tests.browser.accessibility import violations
from tests.browser.pages import ready, send, sign_in
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMPLETED = "article[data-role=assistant][data-status=completed]"


@pytest.fixture
def chat(
    context: BrowserContext, live_site: LiveSite, alice: User, upstream_connection: Connection
) -> Page:
    TeamSettings.objects.create(tool_modes={"read_web_page": "always"})
    sign_in(context, live_site, alice)
    page = context.new_page()
    page.goto(live_site.url)
    ready(page)
    return page


def row(page: Page, name: str) -> Locator:
    return page.locator(".tool-row").filter(has=page.get_by_role("switch", name=name))


def opened(page: Page) -> Locator:
    page.get_by_role("button", name="Tools").click()
    menu = page.get_by_role("group", name="Tools")
    expect(menu).to_be_visible()
    return menu


def names(body: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    return [tool["function"]["name"] for tool in body.get("tools", [])]


def test_switches_and_modes_are_saved_with_the_message(
    chat: Page, fake_upstream: FakeUpstream
) -> None:
    menu = opened(chat)
    expect(menu).to_contain_text("5 of 5 on")
    assert violations(chat) == []
    held = row(chat, "Web page")
    expect(held.get_by_role("combobox")).to_have_count(0)
    expect(held.locator(".mode")).to_have_attribute("title", "Set by your team")
    expect(held.locator(".mode")).to_contain_text("Always asks")
    row(chat, "My conversations").get_by_role("switch").uncheck()
    expect(row(chat, "My conversations").get_by_role("combobox")).to_be_hidden()
    expect(menu).to_contain_text("4 of 5 on")
    row(chat, "Calculator").get_by_role("combobox").select_option("Asks once")
    chat.keyboard.press("Escape")
    expect(chat.get_by_role("button", name="Tools: 4")).to_contain_text("4")
    send(chat, "Hello")
    expect(chat.locator(COMPLETED)).to_have_count(1)
    assert names(fake_upstream.bodies[0]) == [
        "current_time",
        "calculator",
        "read_web_page",
        "make_image",
    ]
    conversation = Conversation.objects.get()
    assert conversation.tools is None
    assert conversation.tool_modes == {"calculator": "once", "search_conversations": "off"}
    chat.reload()
    ready(chat)
    opened(chat)
    expect(row(chat, "My conversations").get_by_role("switch")).not_to_be_checked()
    expect(row(chat, "Calculator").get_by_role("combobox")).to_have_value("once")
    chat.get_by_role("button", name="Use my defaults").click()
    expect(row(chat, "Calculator").get_by_role("combobox")).to_have_value("run")
    expect(row(chat, "My conversations").get_by_role("switch")).to_be_checked()
    chat.keyboard.press("Escape")
    send(chat, "Again")
    expect(chat.locator(COMPLETED)).to_have_count(2)
    conversation.refresh_from_db()
    assert conversation.tool_modes == {}


def test_a_model_that_calls_no_tools_disables_the_rows(
    chat: Page, fake_upstream: FakeUpstream, live_site: LiveSite
) -> None:
    LanguageModel.objects.filter(name="gpt-4.1-mini").update(calls_tools=False)
    LanguageModel.objects.filter(name="gpt-5.4").update(calls_tools=True)
    expect(chat.get_by_role("button", name="Tools: 5")).to_be_visible()
    chat.get_by_role("button", name="Model: gpt-5.4").click()
    chat.locator("#picker").get_by_role("button", name="gpt-4.1-mini", exact=False).first.click()
    menu = opened(chat)
    expect(menu).to_contain_text("gpt-4.1-mini can’t call tools.")
    expect(row(chat, "Calculator").get_by_role("switch")).to_be_disabled()
    chat.keyboard.press("Escape")
    expect(chat.get_by_role("button", name="Tools: 0")).to_be_visible()
    send(chat, "Hello")
    expect(chat.locator(COMPLETED)).to_have_count(1)
    assert names(fake_upstream.bodies[0]) == []
    assert Conversation.objects.get().tool_modes == {}


def test_without_scripts_the_switches_are_a_form(
    browser: Browser,
    live_site: LiveSite,
    alice: User,
    upstream_connection: Connection,
    fake_upstream: FakeUpstream,
) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_site, alice)
    page = context.new_page()
    page.goto(live_site.url)
    menu = opened(page)
    expect(menu.get_by_role("button", name="Use my defaults")).to_be_hidden()
    row(page, "Calculator").get_by_role("switch").uncheck()
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Message", exact=True).fill("Hello")
    page.get_by_role("button", name="Send message").click()
    page.wait_for_url("**/c/**")
    assert "calculator" not in names(fake_upstream.bodies[0])
    assert Conversation.objects.get().tool_modes == {"calculator": "off"}
    context.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_menu_fits_the_screen(chat: Page, width: int) -> None:
    chat.set_viewport_size({"width": width, "height": 800})
    menu = opened(chat)
    box = menu.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 800 + 12
    for name in ("Date and time", "Images"):
        line = row(chat, name).bounding_box()
        assert line is not None
        assert line["x"] + line["width"] <= box["x"] + box["width"]

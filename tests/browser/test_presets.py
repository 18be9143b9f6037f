"""Presets, prompt snippets and parameters in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import Connection, Conversation, Preset, Snippet, User
from tests.browser.accessibility import violations
from tests.browser.pages import ready, send, sign_in
from tests.conftest import wait_for
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def chat(
    context: BrowserContext, live_site: LiveSite, alice: User, upstream_connection: Connection
) -> Page:
    Preset.objects.create(owner=alice, name="Short answers", system_prompt="Be brief.")
    Snippet.objects.create(owner=alice, name="weekly", text="Sum up {{week}} for {{reader}}.")
    Snippet.objects.create(owner=None, name="tone", text="Be kind.")
    sign_in(context, live_site, alice)
    page = context.new_page()
    page.goto(live_site.url)
    ready(page)
    return page


def test_a_snippet_is_found_filled_in_and_inserted_by_keyboard(chat: Page) -> None:
    text = chat.get_by_role("textbox", name="Message", exact=True)
    text.fill("Hello. ")
    chat.keyboard.type("/wee")
    options = chat.get_by_role("option")
    expect(options).to_have_count(1)
    expect(options).to_have_attribute("aria-selected", "true")
    assert violations(chat) == []
    chat.keyboard.press("Enter")
    dialog = chat.get_by_role("dialog", name="Fill in /weekly")
    expect(dialog.get_by_label("week")).to_be_focused()
    chat.keyboard.type("week 48")
    chat.keyboard.press("Tab")
    chat.keyboard.type("my manager")
    chat.keyboard.press("Enter")
    expect(text).to_have_value("Hello. Sum up week 48 for my manager.")
    expect(text).to_be_focused()


def test_a_snippet_that_is_given_up_leaves_the_text_alone(chat: Page) -> None:
    text = chat.get_by_role("textbox", name="Message", exact=True)
    text.focus()
    chat.keyboard.type("/")
    expect(chat.get_by_role("option")).to_have_count(2)
    chat.keyboard.press("Escape")
    expect(chat.get_by_role("option")).to_have_count(0)
    chat.keyboard.type("weekly")
    chat.keyboard.press("Enter")
    chat.keyboard.press("Escape")
    expect(text).to_have_value("/weekly")
    text.fill("and/or")
    chat.keyboard.press("End")
    chat.keyboard.type("/to")
    expect(chat.get_by_role("option")).to_have_count(0)


def test_a_preset_is_chosen_and_left(
    chat: Page, live_site: LiveSite, fake_upstream: FakeUpstream
) -> None:
    chat.get_by_role("button", name="Preset").click()
    chat.get_by_role("link", name="Short answers").click()
    expect(chat.get_by_role("button", name="Short answers")).to_be_visible()
    ready(chat)
    send(chat, "Hi")
    chat.wait_for_url("**/c/**")
    wait_for(lambda: fake_upstream.bodies)
    assert fake_upstream.bodies[0]["messages"][0] == {"role": "system", "content": "Be brief."}
    expect(chat.get_by_role("button", name="Short answers")).to_be_visible()
    chat.get_by_role("button", name="Short answers").click()
    chat.get_by_role("button", name="No preset").click()
    expect(chat.get_by_role("button", name="Short answers")).to_have_count(0)
    assert Conversation.objects.get().preset is None


def test_parameters_for_one_message_are_gone_with_it(
    chat: Page, fake_upstream: FakeUpstream
) -> None:
    chat.get_by_role("button", name="Parameters").click()
    chat.get_by_label("Temperature", exact=True).fill("0.5")
    chat.get_by_label("Only for the next message").check()
    chat.keyboard.press("Escape")
    send(chat, "Hi")
    chat.wait_for_url("**/c/**")
    expect(chat.locator("article[data-role=assistant][data-status=completed]")).to_have_count(1)
    send(chat, "Again")
    expect(chat.locator("article[data-role=assistant][data-status=completed]")).to_have_count(2)
    assert [body.get("temperature") for body in fake_upstream.bodies] == [0.5, None]


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("path", ["defaults/", "presets/", "presets/new/", "snippets/"])
def test_the_pages_have_no_accessibility_violation(
    new_context: object, live_site: LiveSite, rita: User, locale: str, path: str
) -> None:
    Preset.objects.create(owner=None, name="Short answers", system_prompt="Be brief.")
    Snippet.objects.create(owner=rita, name="weekly", text="Sum up {{week}}.")
    context: BrowserContext = new_context(locale=locale)  # type: ignore[operator]
    sign_in(context, live_site, rita)
    page = context.new_page()
    page.goto(f"{live_site.url}/settings/{path}")
    assert violations(page) == []

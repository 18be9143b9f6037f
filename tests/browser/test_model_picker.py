"""The model picker by keyboard, and a choice without a new page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from conversations.actions import connections, language_models
from conversations.actions.connections import ConnectionFields
from conversations.models import Conversation, LanguageModel, User
from tests.browser.accessibility import violations
from tests.browser.pages import sign_in
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def conversation(live_site: LiveSite, alice: User, fake_upstream: FakeUpstream) -> Conversation:
    for name in ("Team", "Second"):
        fields = ConnectionFields(name=name, base_url=fake_upstream.url, key="sk-0123456789")
        connections.create(owner=None, fields=fields)
    model = LanguageModel.objects.get(name="gpt-5.4")
    return Conversation.objects.create(owner=alice, title="Hello", model=model)


# Console lines that the tests cause themselves.
TOLD = re.compile("status of 422|ERR_INTERNET_DISCONNECTED|WebSocket|fetching the script")


@pytest.fixture
def opened(
    page: Page, live_site: LiveSite, alice: User, conversation: Conversation
) -> Iterator[Page]:
    """The conversation's page; errors and console lines of the browser fail the test."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page.context, live_site, alice)
    page.goto(f"{live_site.url}/c/{conversation.pk}/")
    yield page
    assert [line for line in complaints if not TOLD.search(line)] == []


def test_a_model_is_found_starred_and_chosen_by_keyboard(
    opened: Page, conversation: Conversation, alice: User
) -> None:
    opener = opened.get_by_role("button", name="Model: gpt-5.4", exact=True)
    opener.focus()
    opened.keyboard.press("Enter")
    search = opened.get_by_role("searchbox", name="Find a model")
    expect(search).to_be_focused()
    expect(opened.locator(".model").first).to_be_visible()
    opened.keyboard.type("4o mini")
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("f")
    expect(opened.locator("#picker-favourites-group .model")).to_have_count(1)
    opened.keyboard.press("2")
    expect(search).to_be_focused()
    expect(search).to_have_value("4o mini2")
    opened.keyboard.press("Backspace")
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    chosen = opened.get_by_role("button", name="Model: gpt-4o-mini", exact=True)
    expect(chosen).to_be_focused()
    expect(opened.locator("#picker")).to_be_hidden()
    expect(opened.locator("[data-chosen-model]")).to_have_value("gpt-4o-mini")
    conversation.refresh_from_db()
    assert conversation.model == LanguageModel.objects.get(name="gpt-4o-mini")
    assert [row.name for row in alice.favourite_models.all()] == ["gpt-4o-mini"]


def test_escape_leads_back_to_the_button(opened: Page) -> None:
    opener = opened.get_by_role("button", name="Model: gpt-5.4", exact=True)
    opener.click()
    opened.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_the_search_has_the_focus_in_a_page_that_was_swapped_in(
    opened: Page, live_site: LiveSite, conversation: Conversation
) -> None:
    opened.get_by_role("link", name="New chat").first.click()
    expect(opened.get_by_role("textbox", name="Message", exact=True)).to_be_focused()
    search = opened.get_by_role("searchbox", name="Find a model")
    for key in ("Control+.", "Enter"):
        opened.keyboard.press(key)
        expect(search).to_be_focused()
        opened.keyboard.type("mini")
        expect(search).to_have_value("mini")
        opened.keyboard.press("Escape")
        expect(opened.locator("#picker")).to_be_hidden()
        opened.get_by_role("button", name="Model: gpt-5.4", exact=True).focus()


@pytest.mark.parametrize("name", ["gpt-5.4", "gpt-4.1", "gpt-3.5-turbo"])
def test_the_index_shows_the_series_of_the_chosen_model_each_time(
    opened: Page, live_site: LiveSite, conversation: Conversation, name: str
) -> None:
    conversation.model = LanguageModel.objects.get(name=name)
    conversation.save()
    opened.reload()
    for _ in range(2):
        opened.get_by_role("button", name=f"Model: {name}", exact=True).click()
        expect(opened.locator(".model[data-on]")).to_be_in_viewport()
        series = opened.locator(".picker__group", has=opened.locator(".model[data-on]"))
        heading = series.locator("h2").inner_text()
        expect(opened.locator(".picker__index [aria-current=true]")).to_contain_text(heading)
        opened.keyboard.press("Escape")


def test_what_is_not_for_chat_is_reached_and_not_chosen(
    opened: Page, conversation: Conversation
) -> None:
    opened.get_by_role("button", name="Model: gpt-5.4", exact=True).click()
    opened.get_by_text("Realtime voice", exact=True).first.click()
    row = opened.locator(".model:visible .model__pick").first
    row.focus()
    expect(row).to_have_attribute("aria-disabled", "true")
    expect(row).to_have_accessible_description("Voice sessions only. Not usable in a text chat.")
    opened.keyboard.press("Enter")
    expect(opened.locator("#picker")).to_be_visible()
    conversation.refresh_from_db()
    assert conversation.model == LanguageModel.objects.get(name="gpt-5.4")


def test_a_connection_is_chosen_where_two_serve(opened: Page, conversation: Conversation) -> None:
    opened.get_by_role("button", name="Model: gpt-5.4", exact=True).click()
    opened.get_by_role("button", name="gpt-4o through Second", exact=True).click()
    expect(opened.get_by_role("button", name="Model: gpt-4o", exact=True)).to_be_visible()
    conversation.refresh_from_db()
    assert conversation.connection is not None
    assert conversation.connection.name == "Second"
    expect(opened.locator("[data-chosen-connection]")).to_have_value(
        str(conversation.connection.pk)
    )


def test_a_model_that_was_disabled_meanwhile_is_told_in_the_picker(opened: Page) -> None:
    opened.get_by_role("button", name="Model: gpt-5.4", exact=True).click()
    expect(opened.locator(".model").first).to_be_visible()
    language_models.change(LanguageModel.objects.get(name="gpt-4o"), is_enabled=False)
    opened.locator("#picker .model__pick[value='gpt-4o']").click()
    expect(opened.locator("[data-notice]")).to_have_text(
        "This model is not offered. Choose another one."
    )
    expect(opened.locator("#picker")).to_be_visible()


def test_without_scripts_a_page_has_the_list(
    browser: Browser, live_site: LiveSite, alice: User, conversation: Conversation
) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_site, alice)
    page = context.new_page()
    page.goto(f"{live_site.url}/c/{conversation.pk}/")
    page.get_by_role("button", name="Model: gpt-5.4", exact=True).click()
    page.get_by_role("link", name="Choose a model").click()
    page.locator(".model__pick[value='gpt-4.1']").click()
    expect(page.get_by_role("button", name="Model: gpt-4.1", exact=True)).to_be_visible()
    assert page.url == f"{live_site.url}/c/{conversation.pk}/"
    page.goto(f"{live_site.url}/")
    page.get_by_role("button", name="Model: gpt-5.4", exact=True).click()
    page.get_by_role("link", name="Choose a model").click()
    page.get_by_role("button", name="gpt-4o through Second", exact=True).click()
    expect(page.get_by_role("button", name="Model: gpt-4o", exact=True)).to_be_visible()
    assert "csrf" not in page.url
    context.close()


def test_keys_that_are_quicker_than_the_list_are_not_lost(
    opened: Page, conversation: Conversation
) -> None:
    held: list[Route] = []
    opened.route("**/models/?as=list", lambda route: held.append(route))  # noqa: PLW0108 (Playwright takes no builtin)
    expect(opened.locator("html[data-scripts=ready]")).to_be_attached()
    opened.keyboard.press("Control+.")
    opened.keyboard.type("gpt-4.1-mini")
    opened.keyboard.press("ArrowDown")
    opened.keyboard.press("Enter")
    held[0].continue_()
    expect(opened.get_by_role("button", name="Model: gpt-4.1-mini", exact=True)).to_be_visible()
    expect(opened.get_by_role("textbox", name="Message", exact=True)).to_have_value("")


def test_a_list_that_does_not_come_is_told_and_asked_for_again(opened: Page) -> None:
    opened.context.set_offline(True)
    opener = opened.get_by_role("button", name="Model: gpt-5.4", exact=True)
    opener.click()
    expect(opened.locator("[data-notice]")).to_contain_text("Check the network")
    opened.context.set_offline(False)
    opened.keyboard.press("Escape")
    opener.click()
    expect(opened.locator(".model").first).to_be_visible()
    expect(opened.locator("[data-notice]")).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_picker_has_no_accessibility_violation(opened: Page, width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 844})
    opened.get_by_role("button", name="Model: gpt-5.4", exact=True).click()
    expect(opened.locator("#picker")).to_be_visible()
    assert violations(opened, context="#picker") == []


@pytest.mark.parametrize(
    "path", ["connections/", "connections/new/", "connections/team/new/", "models/"]
)
def test_the_settings_have_no_accessibility_violation(
    page: Page, live_site: LiveSite, conversation: Conversation, rita: User, path: str
) -> None:
    sign_in(page.context, live_site, rita)
    page.goto(f"{live_site.url}/settings/{path}")
    assert violations(page) == []

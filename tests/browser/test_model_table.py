"""Settings → Models with scripts: switches, the selection and its keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from conversations.models import LanguageModel, User
from tests.browser.pages import ready, sign_in
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def opened(page: Page, live_site: LiveSite, rita: User) -> Page:
    sign_in(page.context, live_site, rita)
    page.goto(f"{live_site.url}/settings/models/?series=GPT-5.4")
    ready(page)
    return page


def test_a_switch_saves_at_once_and_can_be_undone(opened: Page) -> None:
    switch = opened.get_by_role("switch", name="gpt-5.4-mini is on")
    switch.click()
    expect(opened.get_by_text("gpt-5.4-mini is off.")).to_be_visible()
    expect(switch).not_to_be_checked()
    assert not LanguageModel.objects.get(name="gpt-5.4-mini").is_enabled
    opened.get_by_role("button", name="Undo").click()
    expect(opened.get_by_text("gpt-5.4-mini is on.")).to_be_visible()
    assert LanguageModel.objects.get(name="gpt-5.4-mini").is_enabled


def test_a_switch_that_is_refused_goes_back(opened: Page) -> None:
    switch = opened.get_by_role("switch", name="gpt-5.4 is on")
    switch.click()
    expect(opened.get_by_text("Choose another default first")).to_be_visible()
    expect(switch).to_be_checked()


def test_rows_are_selected_by_keys_and_ranges(opened: Page) -> None:
    bulk = opened.get_by_role("group", name="Change the selected models")
    expect(bulk).to_be_hidden()
    opened.keyboard.press("j")
    opened.keyboard.press("x")
    expect(bulk).to_contain_text("1 selected")
    box = opened.get_by_role("checkbox", name="Select gpt-5.4-pro", exact=True)
    box.click(modifiers=["Shift"])
    expect(bulk).to_contain_text("4 selected")
    opened.keyboard.press("Escape")
    expect(bulk).to_be_hidden()
    opened.get_by_role("checkbox", name="Select all 5 models").check()
    expect(bulk).to_contain_text("5 selected")
    bulk.get_by_text("Sees images").click()
    bulk.get_by_role("button", name="No", exact=True).click()
    expect(opened.get_by_text("5 models changed.")).to_be_visible()
    assert LanguageModel.objects.filter(series="GPT-5.4", sees_images=True).count() == 0


def test_a_price_is_entered_in_its_row(opened: Page) -> None:
    opened.get_by_role("link", name="Add a price for gpt-5.4-nano").click()
    field = opened.get_by_role("row", name="gpt-5.4-nano").get_by_role("spinbutton")
    expect(field.first).to_be_focused()
    field.first.fill("0.7")
    field.last.fill("2.9")
    row = opened.get_by_role("row", name="gpt-5.4-nano")
    row.get_by_label("Currency").fill("CNY")
    row.get_by_label("Currency").press("Enter")
    expect(opened.get_by_text("1 model changed.")).to_be_visible()
    expect(opened.get_by_role("row", name="gpt-5.4-nano")).to_contain_text("0.7 CNY")


def test_on_a_phone_nothing_scrolls_sideways_and_the_names_are_seen(opened: Page) -> None:
    opened.set_viewport_size({"width": 390, "height": 844})
    assert opened.evaluate("document.documentElement.scrollWidth") == 390
    name = opened.get_by_role("row", name="gpt-5.4-nano").locator("bdi")
    place = name.bounding_box()
    assert place is not None
    assert 0 <= place["x"] < place["x"] + place["width"] <= 390

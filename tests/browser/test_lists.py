"""Lists with boxes: what appears when something is selected, and where."""

from __future__ import annotations

import pytest
from django.db import connections
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import Conversation, User
from tests.browser.pages import ready, sign_in
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
LISTS = ("/conversations/", "/settings/people/")


@pytest.fixture
def page(context: BrowserContext, live_site: LiveSite, rita: User, alice: User, bob: User) -> Page:
    """A page of an administrator with two conversations."""
    for title in ("One", "Two"):
        Conversation.objects.create(owner=rita, title=title)
    sign_in(context, live_site, rita)
    connections.close_all()
    return context.new_page()


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("width", [1440, 390])
def test_actions_come_with_the_first_selected_row(
    page: Page, live_site: LiveSite, path: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_site.url + path)
    ready(page)
    actions = page.locator("check-all button")
    count = actions.count()
    assert count >= 4
    for place in range(count):
        expect(actions.nth(place)).to_be_hidden()
    page.get_by_label("Select all").check()
    tops = set()
    for place in range(count):
        expect(actions.nth(place)).to_be_visible()
        box = actions.nth(place).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        tops.add(box["y"])
    assert width < 1000 or len(tops) == 1


def test_a_person_is_changed_from_the_menu_of_the_row(page: Page, live_site: LiveSite) -> None:
    page.goto(f"{live_site.url}/settings/people/?q=ali")
    ready(page)
    expect(page.locator("[data-person]")).to_have_count(1)
    page.get_by_role("button", name="Actions for Alice").click()
    page.get_by_role("button", name="Make administrator").last.click()
    expect(page.locator("[data-person]")).to_contain_text("Administrator")
    assert page.url.endswith("?q=ali")


def test_sixty_links_take_less_than_a_screen(page: Page, live_site: LiveSite) -> None:
    page.goto(f"{live_site.url}/settings/people/")
    people = "\n".join(f"Person {n} <p{n}@example.com>" for n in range(60))
    page.get_by_label("One person per line").fill(people)
    page.get_by_role("button", name="Add and make links").click()
    box = page.get_by_role("region", name="Links to pass on").bounding_box()
    assert box is not None
    assert box["height"] < 600
    expect(page.get_by_role("button", name="Copy all")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert download.value.path().read_text(encoding="utf-8-sig").count("@example.com") == 60

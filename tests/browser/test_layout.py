"""Widths of the page beside the sidebar: shown, hidden, as a drawer, and without scripts."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from conversations.actions import folders
from conversations.models import Connection, Conversation, User
from tests.branches import conversation_of
from tests.browser.pages import ready, sign_in
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # pytest-base-url's own fixture; not ours to change.
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),
]

WIDE = [1440, 1024, 900]
HEIGHT = 800
# The column of each page: the text of a thread, the composer, the pages to read.
COLUMN = ":is(.turn__body, .thread__wide > *, .welcome__inner, .page)"
# A scroll bar at one side moves the middle of a column by half its width.
HALF_A_SCROLL_BAR = 8
# A function, because the page's policy lets no text be evaluated.
IS_IN = "() => document.getElementById('sidebar').getBoundingClientRect().x === 0"


@dataclass(frozen=True)
class Span:
    """The left and the right edge of an element, in CSS pixels."""

    left: float
    right: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def span(element: Locator) -> Span:
    box = element.bounding_box()
    assert box, "it has no box"
    return Span(box["x"], box["x"] + box["width"])


def main(page: Page) -> Span:
    return span(page.locator(".app > .main"))


def column(page: Page) -> Span:
    """The first column; it has to be inside the main part and in its middle."""
    found, around = span(page.locator(f".main {COLUMN}").first), main(page)
    assert around.left <= found.left < found.right <= around.right
    assert abs(found.middle - around.middle) <= HALF_A_SCROLL_BAR
    return found


def toggle(page: Page, name: str) -> None:
    """Press the button; a button that is hidden or covered fails the test."""
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_in_viewport(ratio=1)
    button.click()


def assert_beside_the_sidebar(page: Page, width: int) -> Span:
    """The sidebar at the left, the main part in all that is left of ``width``; its column."""
    sidebar = span(page.locator("#sidebar"))
    assert sidebar.left == 0
    assert sidebar.width > 200
    assert main(page) == Span(sidebar.right, width)
    return column(page)


def assert_alone(page: Page, width: int, *, at_least: float) -> None:
    """No sidebar, the main part in all of ``width``, and nothing became narrower by that."""
    expect(page.locator("#sidebar")).to_be_hidden()
    assert main(page) == Span(0, width)
    assert column(page).width >= at_least


@pytest.fixture
def conversation(live_site: LiveSite, rita: User, upstream_connection: Connection) -> Conversation:
    return conversation_of(rita, pairs=3, title="Staffing the desk")


@pytest.fixture
def chat_pages(conversation: Conversation, rita: User) -> list[str]:
    """All kinds of pages with the list of conversations at their side."""
    question, answer = conversation.messages.order_by("id")[:2]
    path = f"/c/{conversation.pk}/"
    return [
        "/",
        "/?temporary=1",
        path,
        "/conversations/",
        "/conversations/archived/",
        "/conversations/deleted/",
        f"/folders/{folders.create(rita, 'Work').pk}/",
        f"/folders/choices/?conversation={conversation.pk}",
        "/search/?q=desk",
        "/models/",
        f"{path}messages/{answer.pk}/regeneration/",
        f"{path}messages/{question.pk}/revision/",
    ]


@pytest.fixture
def layouts(conversation: Conversation) -> list[str]:
    """One page of each layout among them."""
    return ["/", f"/c/{conversation.pk}/", "/conversations/", "/search/?q=desk"]


@pytest.fixture
def other_pages(conversation: Conversation) -> list[str]:
    """Pages whose sidebar is a navigation, which nobody can hide."""
    return [
        "/settings/profile/",
        "/settings/usage/",
        f"/admin/conversations/conversation/{conversation.pk}/change/",
    ]


@pytest.fixture
def tab(context: BrowserContext, live_site: LiveSite, rita: User) -> Page:
    sign_in(context, live_site, rita)
    return context.new_page()


def open_at(page: Page, site: LiveSite, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    response = page.goto(f"{site.url}{path}")
    assert response
    assert response.ok, path
    ready(page)


@pytest.mark.parametrize("width", WIDE)
def test_a_hidden_sidebar_leaves_its_width_to_the_page(
    tab: Page, live_site: LiveSite, chat_pages: list[str], layouts: list[str], width: int
) -> None:
    for path in chat_pages if width == WIDE[0] else layouts:
        open_at(tab, live_site, path, width)
        before = assert_beside_the_sidebar(tab, width)
        toggle(tab, "Hide sidebar")
        assert_alone(tab, width, at_least=before.width)
        tab.reload()
        ready(tab)
        assert_alone(tab, width, at_least=before.width)
        toggle(tab, "Show sidebar")
        assert assert_beside_the_sidebar(tab, width) == before


@pytest.mark.parametrize("width", WIDE)
def test_it_stays_hidden_from_page_to_page_and_hides_no_navigation(
    tab: Page, live_site: LiveSite, other_pages: list[str], width: int
) -> None:
    open_at(tab, live_site, "/conversations/", width)
    toggle(tab, "Hide sidebar")
    tab.get_by_role("link", name="Staffing the desk").click()
    expect(tab.locator("chat-stream")).to_be_attached()
    assert_alone(tab, width, at_least=500)
    tab.go_back()
    expect(tab.locator(".page")).to_be_attached()
    assert_alone(tab, width, at_least=500)
    for path in other_pages:
        open_at(tab, live_site, path, width)
        assert_beside_the_sidebar(tab, width)


@pytest.mark.parametrize("is_hidden", [False, True])
def test_a_drawer_lies_over_the_page_and_takes_nothing_from_it(
    tab: Page, live_site: LiveSite, layouts: list[str], is_hidden: bool
) -> None:
    cookie = "hidden" if is_hidden else "shown"
    tab.context.add_cookies([{"name": "sidebar", "value": cookie, "url": live_site.url}])
    for path in layouts:
        open_at(tab, live_site, path, 390)
        assert_alone(tab, 390, at_least=340)
        toggle(tab, "Open conversation list")
        tab.wait_for_function(IS_IN)
        assert span(tab.locator("#sidebar")) == Span(0, 304)
        assert main(tab) == Span(0, 390)
        toggle(tab, "Close")
        assert_alone(tab, 390, at_least=340)


def test_a_drawer_that_is_open_while_the_window_widens_becomes_the_sidebar(
    tab: Page, live_site: LiveSite, layouts: list[str], other_pages: list[str]
) -> None:
    for path in (*layouts, *other_pages):
        open_at(tab, live_site, path, 390)
        tab.get_by_role("button", name="Open").first.click()
        expect(tab.locator("#sidebar")).to_be_visible()
        tab.set_viewport_size({"width": 1024, "height": HEIGHT})
        assert_beside_the_sidebar(tab, 1024)


def test_without_scripts_nothing_is_hidden_that_no_button_brings_back(
    tab: Page, browser: Browser, live_site: LiveSite, layouts: list[str]
) -> None:
    hidden = {"name": "sidebar", "value": "hidden", "url": live_site.url}
    tab.context.add_cookies([hidden])  # type: ignore[list-item]  # a TypedDict, written out
    state = tab.context.storage_state()
    with browser.new_context(java_script_enabled=False, storage_state=state) as plain:
        page = plain.new_page()
        page.set_viewport_size({"width": 1024, "height": HEIGHT})
        for path in layouts:
            page.goto(f"{live_site.url}{path}")
            assert_beside_the_sidebar(page, 1024)

"""The bytes of a visit, and navigation between conversations without a new page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from conversations.models import Conversation, User
from tests.branches import conversation_of
from tests.browser.pages import painted, ready, sign_in
from tests.browser.watching import until
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


class Traffic:
    """The requests of a page, and the bytes of the responses with their heads."""

    def __init__(self, page: Page) -> None:
        self.urls: list[str] = []
        self.bytes = 0
        self.sockets = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._asked)
        session.on("Network.loadingFinished", self._finished)
        session.on("Network.webSocketCreated", self._connected)

    def forget(self) -> None:
        self.urls, self.bytes, self.sockets = [], 0, 0

    def _asked(self, event: dict[str, dict[str, str]]) -> None:
        self.urls.append(event["request"]["url"])

    def _finished(self, event: dict[str, int]) -> None:
        self.bytes += event["encodedDataLength"]

    def _connected(self, event: object) -> None:
        del event
        self.sockets += 1


@pytest.fixture
def conversations(live_site: LiveSite, alice: User) -> list[Conversation]:
    return [conversation_of(alice, pairs=pairs, title=f"Talk {pairs}") for pairs in (25, 30)]


@pytest.fixture
def signed_in_page(page: Page, live_site: LiveSite, alice: User) -> Iterator[Page]:
    """A page of Alice's; errors and console lines of the browser fail the test."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page.context, live_site, alice)
    yield page
    assert complaints == []


def open_conversation(page: Page, site: LiveSite, conversation: Conversation) -> None:
    page.goto(f"{site.url}/c/{conversation.pk}/", wait_until="networkidle")
    ready(page)


def follow(page: Page, title: str) -> None:
    page.locator("conversation-list").get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def test_a_visit_is_light_and_the_next_lighter(
    signed_in_page: Page, live_site: LiveSite, conversations: list[Conversation]
) -> None:
    traffic = Traffic(signed_in_page)
    open_conversation(signed_in_page, live_site, conversations[0])
    assert len(traffic.urls) <= 25, traffic.urls
    assert traffic.bytes <= 100 * 1024
    traffic.forget()
    open_conversation(signed_in_page, live_site, conversations[0])
    assert traffic.bytes <= 20 * 1024, traffic.urls


def test_another_conversation_comes_over_the_same_socket(
    signed_in_page: Page, live_site: LiveSite, conversations: list[Conversation]
) -> None:
    page, (first, second) = signed_in_page, conversations
    open_conversation(page, live_site, first)
    page.evaluate("window.isTheSamePage = true")
    page.locator("#text").fill("Half a thought")
    traffic = Traffic(page)
    follow(page, "Talk 30")
    expect(page).to_have_title("Talk 30 · Chatsite")
    expect(page).to_have_url(f"{live_site.url}/c/{second.pk}/")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_value("")
    current = page.locator("conversation-list [aria-current=page]")
    expect(current).to_have_text("Talk 30")
    expect(page.locator("#announcer")).to_contain_text("Talk 30")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Talk 25")
    expect(page.locator("#text")).to_have_value("Half a thought")
    expect(current).to_have_text("Talk 25")
    page.get_by_role("link", name="New chat").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Where shall we start?")
    expect(current).to_have_count(0)
    assert page.evaluate("window.isTheSamePage")
    assert traffic.sockets == 0


def test_back_returns_to_the_same_place_in_the_thread(
    signed_in_page: Page, live_site: LiveSite, conversations: list[Conversation]
) -> None:
    page = signed_in_page
    open_conversation(page, live_site, conversations[1])
    page.locator("article").nth(7).evaluate("article => article.scrollIntoView({block: 'start'})")
    painted(page)
    before = page.locator("article").nth(7).bounding_box()
    assert before
    follow(page, "Talk 25")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Talk 30")

    def is_back() -> bool:
        after = page.locator("article").nth(7).bounding_box()
        return after is not None and abs(before["y"] - after["y"]) <= 2

    until(is_back, page)


def test_a_page_of_another_build_is_loaded_whole(
    signed_in_page: Page, live_site: LiveSite, conversations: list[Conversation]
) -> None:
    page = signed_in_page
    open_conversation(page, live_site, conversations[0])
    page.evaluate("window.isTheSamePage = true; document.querySelector('main').dataset.build = '1'")
    follow(page, "Talk 30")
    assert page.evaluate("window.isTheSamePage") is None


def test_scrolling_up_through_turns_never_drawn_does_not_jump(
    signed_in_page: Page, live_site: LiveSite, conversations: list[Conversation]
) -> None:
    """Check that the view holds still although ``content-visibility`` guesses heights."""
    page = signed_in_page
    open_conversation(page, live_site, conversations[1])
    jumps = page.evaluate(
        """async () => {
            const scroller = document.querySelector("chat-scroll");
            const frame = () => new Promise((done) => requestAnimationFrame(done));
            const middle = () => [...scroller.querySelectorAll("article")].find(
                (one) => one.getBoundingClientRect().bottom > innerHeight / 2);
            const jumps = [];
            scroller.dispatchEvent(new WheelEvent("wheel", {deltaY: -1}));
            while (scroller.scrollTop > 0) {
                const seen = middle();
                const before = seen.getBoundingClientRect().top;
                const step = Math.min(120, scroller.scrollTop);
                scroller.scrollBy(0, -step);
                await frame();
                await frame();
                jumps.push(Math.abs(seen.getBoundingClientRect().top - before - step));
            }
            return jumps;
        }"""
    )
    assert len(jumps) > 10
    assert max(jumps) <= 2

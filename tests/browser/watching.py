"""A tab that records what must not happen, and helpers for its conversation."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Dialog, Page, Request, expect

from tests.browser.pages import ready
from tests.live import LiveSite

ANSWER = "article[data-role=assistant]"
# The browser logs this when an autofocus comes after the test's own focus.
REMARK = "Autofocus processing was blocked"


@dataclass
class Watch:
    """A record of a tab: errors and console lines, dialogs, requests to other hosts."""

    host: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        page.on("console", lambda line: self.complaints.append(line.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._dialog)
        page.on("request", self._request)

    def assert_quiet(self, page: Page, *, but: str = "^$") -> None:
        """Check that nothing was recorded but console lines that match ``but``."""
        assert page.evaluate("window.__xss") is None
        assert self.foreign == []
        assert self.dialogs == []
        complaints = [line for line in self.complaints if not line.startswith(REMARK)]
        assert [line for line in complaints if not re.search(but, line)] == []

    def _dialog(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.netloc != self.host and parts.scheme not in {"blob", "about"}:
            self.foreign.append(request.url)


def open_tab(context: BrowserContext, site: LiveSite, path: str = "/") -> tuple[Page, Watch]:
    page = context.new_page()
    watch = Watch(urlsplit(site.url).netloc)
    watch.attach(page)
    page.goto(f"{site.url}{path}")
    ready(page)
    return page, watch


def send(page: Page, text: str = "Hello") -> None:
    """Send a message and wait for the page of its conversation."""
    page.get_by_role("textbox", name="Message", exact=True).fill(text)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/c/"))
    expect(page.locator("chat-stream")).to_be_attached()
    ready(page)


def ended(page: Page, status: str) -> None:
    """Wait until the last answer has this status."""
    last = page.locator(ANSWER).last
    expect(last).to_have_attribute("data-status", status)


def blocks(page: Page) -> list[str]:
    """Return the HTML of the last answer's blocks, without what custom elements add."""
    html: list[str] = page.evaluate(
        """async selector => {
            const { htmlOf } = await import("/static/js/lib/dom.js");
            const bodies = document.querySelectorAll(`${selector} [data-blocks]`);
            return Array.from([...bodies].at(-1).children, htmlOf);
        }""",
        ANSWER,
    )
    return html


def until(check: Callable[[], bool], page: Page) -> None:
    """Wait until ``check`` returns true while Playwright handles what the page does."""
    for _ in range(1_200):
        if check():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not happen within a minute")

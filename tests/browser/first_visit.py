"""The first visit to a site that nobody has set up."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.pages import ready
from tests.live import LiveSite


def set_up(page: Page, site: LiveSite) -> None:
    """Make the administrator and choose the demo, as the first user does."""
    page.goto(site.url)
    page.get_by_label("Email").fill("wen@example.com")
    page.get_by_label("Name").fill("Wen Jing")
    page.get_by_label("Password").fill("a long enough phrase 9")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Continue with the demo").click()
    ready(page)
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()

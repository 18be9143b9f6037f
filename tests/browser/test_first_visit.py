"""A first visit: set-up, and answers of the demo in two tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import violations
from tests.browser.first_visit import set_up
from tests.browser.pages import ready
from tests.live import LiveSite

pytestmark = pytest.mark.browser
ANSWER = "article[data-role=assistant]"


@pytest.fixture
def complaints() -> list[str]:
    """Errors and console lines of the browser."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(locale="en", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.on("console", lambda line: complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


def send(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Message").fill(text)
    page.keyboard.press("Enter")


def wait_for_end(page: Page, count: int) -> None:
    ended = page.locator(f"{ANSWER}:not([aria-busy])")
    expect(ended).to_have_count(count)


def test_from_set_up_to_a_second_tab(
    page: Page, fresh_site: LiveSite, complaints: list[str]
) -> None:
    set_up(page, fresh_site)
    assert violations(page) == []
    send(page, "Hello, show me a table")
    page.wait_for_url(re.compile("/c/"))
    ready(page)
    expect(page.locator(f"{ANSWER}[data-status=running]")).to_be_visible()
    page.reload()
    wait_for_end(page, 1)
    expect(page.locator(f"{ANSWER} table")).to_be_visible()

    second = page.context.new_page()
    second.goto(page.url)
    ready(second)
    ready(page)
    send(page, "a long answer please")
    stop = second.get_by_role("button", name="Stop generating")
    expect(stop).to_be_visible()
    expect(second.locator(f"{ANSWER}[data-status=running] .block").nth(3)).to_be_visible()
    stop.click()
    expect(page.locator(f"{ANSWER}[data-status=stopped]")).to_be_visible()
    expect(second.locator(f"{ANSWER}[data-status=stopped]")).to_be_visible()
    assert page.locator(ANSWER).last.inner_text() == second.locator(ANSWER).last.inner_text()

    send(page, "请用中文介绍自己")
    wait_for_end(page, 3)
    expect(second.locator(ANSWER)).to_have_count(3)
    expect(page.locator(ANSWER).last).to_contain_text("演示")
    assert violations(page) == []
    assert complaints == []
    assert fresh_site.log.count("ERROR") == fresh_site.log.count("WARNING") == 0


def test_with_the_keyboard_alone(page: Page, fresh_site: LiveSite) -> None:
    """Set up, choose a model, chat and stop without a mouse."""
    page.goto(fresh_site.url)
    page.get_by_label("Email").focus()
    for typed in ("wen@example.com", "Wen Jing", "a long enough phrase 9"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/setup/connection/"))
    link = page.get_by_role("link", name="Continue with the demo")
    for _ in range(20):
        page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")
    ready(page)
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()
    page.keyboard.press("Control+.")
    page.keyboard.type("gpt-4.1-mini")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Model: gpt-4.1-mini", exact=True)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("a long answer")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/c/"))
    ready(page)
    expect(page.locator(f"{ANSWER}[data-status=running] .block").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"{ANSWER}[data-status=stopped]")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()


def test_without_scripts(browser: Browser, fresh_site: LiveSite) -> None:
    """Send by the plain form, and let the page refresh itself while the answer runs."""
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    page.goto(fresh_site.url)
    page.get_by_label("Email").fill("wen@example.com")
    page.get_by_label("Name").fill("Wen Jing")
    page.get_by_label("Password").fill("a long enough phrase 9")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Continue with the demo").click()
    page.get_by_role("textbox", name="Message").fill("Hello, a table please")
    page.get_by_role("button", name="Send message").click()
    page.wait_for_url(re.compile("/c/"))
    expect(page.locator(f"{ANSWER}[data-status=completed] table")).to_be_visible()
    context.close()

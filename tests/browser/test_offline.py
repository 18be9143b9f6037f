"""The page that the service worker shows while the server is away, with unsent text."""

from __future__ import annotations

import signal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.first_visit import set_up
from tests.browser.pages import ready
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
]


def test_drafts_are_shown_until_the_server_is_back(page: Page, fresh_site: LiveSite) -> None:
    set_up(page, fresh_site)
    page.get_by_role("textbox", name="Message").fill("Half a thought")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = page.evaluate(
        """async () => {
            const names = await caches.keys();
            const cache = await caches.open(names[0]);
            return (await cache.keys()).map(({url}) => new URL(url).pathname);
        }"""
    )
    assert kept[0] == "/offline/"
    assert len(kept) == 3
    assert all(path.startswith("/static/") for path in kept[1:])

    fresh_site.stop(signal.SIGINT)
    page.goto(fresh_site.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Can’t reach Chatsite")
    expect(page.get_by_role("listitem")).to_contain_text("Half a thought")
    assert page.evaluate("document.styleSheets.length") == 1

    fresh_site.start()
    ready(page)
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Half a thought")

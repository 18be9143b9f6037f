"""Sign in, wait for a page, and watch what it does."""

from __future__ import annotations

from django.conf import settings
from playwright.sync_api import BrowserContext, Page, Request, expect

from conversations.models import User
from tests.live import LiveSite
from tests.sockets import session_of


def sign_in(context: BrowserContext, site: LiveSite, user: User) -> None:
    """Give the context a session of ``user``, as signing in leaves it."""
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": site.url}]
    )


def ready(page: Page) -> None:
    """Wait until the scripts listen, because keys that come before go to the browser."""
    expect(page.locator("html[data-scripts=ready]")).to_be_attached()


def send(page: Page, text: str) -> None:
    """Fill in the composer and press Enter."""
    page.get_by_role("textbox", name="Message", exact=True).fill(text)
    page.keyboard.press("Enter")


def complaints_of(page: Page) -> list[str]:
    """Return a list that gets each error and console line of the page from now on."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("requestfailed", lambda request: found.append(request.url))
    return found


def painted(page: Page) -> None:
    """Wait until the page has handled what came to it and has drawn two frames since."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => "
        "requestAnimationFrame(() => setTimeout(done))))"
    )


def posts_of(page: Page) -> list[str]:
    """Return a list that gets the URL of each POST of the page from now on."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            found.append(request.url)

    page.on("request", note)
    return found

"""What every browser test needs: a signed-in context, and a page whose scripts listen."""

from __future__ import annotations

from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import User
from tests.live import LiveSite
from tests.sockets import session_of


def sign_in(context: BrowserContext, site: LiveSite, user: User) -> None:
    """Give the context a session of ``user``, as signing in leaves it."""
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": site.url}]
    )


def ready(page: Page) -> None:
    """Wait for the scripts to listen: keys that come before are the browser's own."""
    expect(page.locator("html[data-scripts=ready]")).to_be_attached()


def send(page: Page, text: str) -> None:
    """Write and press Enter."""
    page.get_by_role("textbox", name="Message", exact=True).fill(text)
    page.keyboard.press("Enter")


def complaints_of(page: Page) -> list[str]:
    """What the browser complains about from now on."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("requestfailed", lambda request: found.append(request.url))
    return found

"""A scratch installation: the real server over a temporary folder, with a fake upstream.

Import it before anything of Django, because it sets DATA_DIR.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
_folder = tempfile.TemporaryDirectory(prefix="chatsite-bench-")
os.environ |= {
    "DATA_DIR": _folder.name,
    "DJANGO_SETTINGS_MODULE": "chatsite.settings",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}

import django  # noqa: E402 (the settings read the environment)

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from conversations.actions import connections  # noqa: E402
from conversations.models import User  # noqa: E402
from tests.fakes.upstream import FakeUpstream  # noqa: E402
from tests.live import LiveSite  # noqa: E402

PASSWORD = "a long enough phrase 9"
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--no-first-run",
]


@dataclass
class Scratch:
    """A running site, its administrator and its upstream."""

    site: LiveSite
    person: User
    upstream: FakeUpstream

    @property
    def cookie(self) -> dict[str, str]:
        """The administrator's session cookie, for a browser's context."""
        client = Client()
        client.force_login(self.person, backend=settings.AUTHENTICATION_BACKENDS[0])
        name = settings.SESSION_COOKIE_NAME
        return {"name": name, "value": client.cookies[name].value, "url": self.site.url}


@contextmanager
def scratch() -> Iterator[Scratch]:
    """Start an upstream and a site, and stop both at the end."""
    with FakeUpstream() as upstream, serve(upstream.url) as (site, person):
        yield Scratch(site, person, upstream)


@contextmanager
def serve(upstream: str) -> Iterator[tuple[LiveSite, User]]:
    """Serve the installation over ``upstream``; yield the site and its administrator."""
    call_command("migrate", "--no-input", "-v0")
    person = User.objects.create_user(
        "wen@example.com",
        PASSWORD,
        name="Wen Jing",
        role=User.Role.ADMINISTRATOR,
        time_zone="UTC",
    )
    fields = connections.ConnectionFields(
        name="Team", base_url=upstream, key="sk-bench-0123456789abcdef"
    )
    connections.create(owner=None, fields=fields)
    # The site inherits no other variables of our environment.
    environment = {"MAX_MESSAGES_PER_MINUTE": "10000"}
    site = LiveSite(Path(_folder.name), environment=environment).start()
    try:
        yield site, person
    finally:
        site.stop(SIGINT)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Debian's Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=CHROMIUM, headless=True
        )
        yield browser
        browser.close()

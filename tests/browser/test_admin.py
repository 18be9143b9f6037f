"""The admin in a browser: hostile rows run nothing, and no page violates the CSP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from conversations.actions import audit, connections
from conversations.actions.connections import ConnectionFields
from conversations.models import Conversation, LanguageModel, User
from tests.admin.content import HOSTILE, converse
from tests.browser.accessibility import violations
from tests.live import LiveSite
from tests.sockets import session_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REMOTE = (
    "![](https://evil.example/x.png) [a]: https://evil.example/y\n\n<iframe src='//evil.example'>"
)
LISTS = ("user", "connection", "languagemodel", "conversation", "auditentry")


@pytest.fixture
def row(alice: User, rita: User) -> Conversation:
    """A conversation in which every name is hostile."""
    User.objects.filter(pk=alice.pk).update(name=HOSTILE)
    alice.refresh_from_db()
    fields = ConnectionFields(name=HOSTILE[:100], base_url="https://one.example", key="k" * 20)
    connections.create(owner=alice, fields=fields)
    LanguageModel.objects.create(name=HOSTILE, display_name="长" * 200)
    row = converse(
        alice,
        title=HOSTILE,
        asked=f"{HOSTILE}\n\n{REMOTE}",
        status="failed",
        error_kind="upstream_broken",
        error_detail=HOSTILE,
    )
    audit.record_opening(row, actor=rita)
    return row


@pytest.fixture
def complaints() -> list[str]:
    """The console lines of the browser, and the URLs of other hosts that it requested."""
    return []


@pytest.fixture(params=["light", "dark"])
def page(
    request: pytest.FixtureRequest,
    browser: Browser,
    live_site: LiveSite,
    rita: User,
    complaints: list[str],
) -> Iterator[Page]:
    """A page of Rita's, in the light and in the dark theme."""
    context = browser.new_context(locale="en", color_scheme=request.param)
    name, value = settings.SESSION_COOKIE_NAME, session_of(rita)
    context.add_cookies([{"name": name, "value": value, "url": live_site.url}])
    page = context.new_page()
    page.on("console", lambda line: complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on("request", lambda made: complaints.append(made.url))
    yield page
    context.close()


def paths(row: Conversation) -> list[str]:
    base = "/admin/conversations"
    connection, model = row.owner.connections.get(), LanguageModel.objects.get(name=HOSTILE)
    return [
        "/admin/",
        *(f"{base}/{name}/" for name in LISTS),
        f"{base}/conversation/?q=nothing",
        f"{base}/user/{row.owner_id}/change/",
        f"{base}/connection/{connection.pk}/change/",
        f"{base}/languagemodel/{model.pk}/change/",
        f"{base}/conversation/{row.pk}/change/",
    ]


def test_hostile_rows_run_nothing_and_load_nothing(
    page: Page, live_site: LiveSite, row: Conversation, complaints: list[str]
) -> None:
    for path in paths(row):
        answer = page.goto(f"{live_site.url}{path}")
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate("window.__xss") is None, path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert [line for line in complaints if not line.startswith(f"{live_site.url}/")] == []
    asked = [line.removeprefix(live_site.url).partition("?")[0] for line in complaints]
    assert {line for line in asked if not line.startswith(("/admin/", "/static/"))} <= {"/ws/"}


def test_no_page_has_an_accessibility_violation(
    page: Page, live_site: LiveSite, row: Conversation
) -> None:
    for path in paths(row):
        page.goto(f"{live_site.url}{path}")
        assert violations(page) == []


def test_an_administrator_finds_and_reads_a_conversation(
    page: Page, live_site: LiveSite, alice: User
) -> None:
    converse(alice, title="Weather", asked="北京的天气?")
    page.goto(f"{live_site.url}/settings/profile/")
    page.get_by_role("link", name="Administration").click()
    page.get_by_role("link", name="Conversations", exact=True).first.click()
    page.locator("#searchbar").fill("北京的天气")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Weather").click()
    expect(page.get_by_role("heading", name="Weather", level=1)).to_be_visible()
    expect(page.locator("article[data-role=assistant] strong")).to_have_text("北京的天气?")
    expect(page.get_by_role("button", name="Regenerate")).to_have_count(0)
    expect(page.get_by_text("This view is recorded, and Alice can see it.")).to_be_visible()

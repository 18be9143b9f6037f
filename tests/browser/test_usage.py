"""Prices, the cost of an answer and its recorded exchange, in a browser."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import Connection, LanguageModel, UsageRecord, User
from tests.browser.accessibility import in_both_themes
from tests.browser.pages import ready, send, sign_in
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
LANGUAGES = [("en", "Add this price"), ("zh-hans", "添加价格")]


@pytest.fixture
def site_page(
    context: BrowserContext, live_site: LiveSite, rita: User, upstream_connection: Connection
) -> Page:
    """A page of an administrator."""
    sign_in(context, live_site, rita)
    connections.close_all()
    return context.new_page()


def test_a_price_is_entered_and_an_answer_costs_by_it(
    site_page: Page, live_site: LiveSite, fake_upstream: FakeUpstream
) -> None:
    page, row = site_page, LanguageModel.objects.get(name="gpt-5.4")
    page.goto(f"{live_site.url}/settings/models/{row.pk}/")
    page.get_by_label("Input", exact=True).fill("1000000")
    page.get_by_label("Output", exact=True).fill("0")
    page.get_by_label("Currency").fill("eur")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_contain_text("In force")
    page.goto(live_site.url)
    ready(page)
    fake_upstream.say("Twelve.")
    send(page, "How many people?")
    expect(page.locator("article[data-role=assistant][data-status=completed]")).to_be_visible()
    [call] = UsageRecord.objects.all()
    page.goto(f"{live_site.url}/settings/usage/")
    summary = page.locator(".summary-line")
    expect(summary).to_contain_text(f"1 call, {call.total_tokens} tokens")
    expect(summary).to_contain_text(f"Cost: €{call.prompt_tokens}.00.")
    by_model = page.get_by_role("region", name="By model, as a table")
    expect(by_model.get_by_role("row", name="gpt-5.4")).to_contain_text(str(call.total_tokens))
    expect(page.get_by_role("img", name="Tokens on each day")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download calls as CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    [line] = csv.DictReader(io.StringIO(text))
    assert (line["currency"], line["cost"]) == ("EUR", str(call.prompt_tokens))
    assert line["total_tokens"] == str(call.total_tokens)


@pytest.mark.parametrize(("code", "button"), LANGUAGES)
def test_a_phone_shows_prices_and_usage(
    site_page: Page, live_site: LiveSite, rita: User, code: str, button: str
) -> None:
    User.objects.update(language=code)
    row = LanguageModel.objects.get(name="gpt-5.4")
    UsageRecord.objects.create(
        purpose="chat",
        person=rita,
        model_name="a-name-without-a-place-to-break-" * 4,
        connection_name="Old",
        prompt_tokens=10**9,
        total_tokens=10**9,
    )
    page = site_page
    page.set_viewport_size({"width": 390, "height": 844})
    found = []
    for path in (f"/settings/models/{row.pk}/", "/settings/usage/", "/settings/usage/?since=x"):
        page.goto(f"{live_site.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        found += in_both_themes(page)
    assert found == []
    page.goto(f"{live_site.url}/settings/models/{row.pk}/")
    expect(page.get_by_role("button", name=button)).to_be_visible()


def test_an_answers_wire_view_is_copied_as_curl(
    site_page: Page, live_site: LiveSite, fake_upstream: FakeUpstream
) -> None:
    page = site_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(live_site.url)
    ready(page)
    fake_upstream.fail(503, "Busy")
    fake_upstream.say("Twelve.", " people")
    send(page, "How many people?")
    expect(page.locator("article[data-role=assistant][data-status=completed]")).to_be_visible()
    page.locator(".account__line").click()
    page.get_by_role("link", name="Wire view").click()
    expect(page.get_by_role("heading", name="Wire view")).to_be_visible()
    expect(page.get_by_role("region", name="Attempts of request 1.1")).to_contain_text("503")
    came = page.get_by_role("region", name="Received for request 1.1, attempt 2")
    expect(came).to_contain_text("data: [DONE]")
    page.get_by_text("As curl", exact=True).click()
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.locator("#announcer")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"curl -N {fake_upstream.url}/v1/chat/completions")
    assert '"x-api-key: $API_KEY"' in copied
    assert "How many people?" in copied
    page.evaluate("document.querySelectorAll('.wire__more').forEach((one) => (one.open = true))")
    assert in_both_themes(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert in_both_themes(page) == []
    page.get_by_role("link", name="Back to the reply").click()
    expect(page.locator("article[data-role=assistant]")).to_be_in_viewport()

"""Exports in a browser: the menu, the downloaded file, the print page."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import BrowserContext, expect

from conversations.models import Message, User
from conversations.views.settings.design_samples import ANSWER
from tests.branches import as_parts, conversation_of
from tests.browser.accessibility import in_both_themes
from tests.browser.pages import complaints_of, ready, sign_in
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
MENU = {"en": ("More actions", "Export as HTML"), "zh-hans": ("更多操作", "导出 HTML")}


@pytest.mark.parametrize("code", MENU)
def test_a_downloaded_page_opens_from_a_disk(
    context: BrowserContext, live_site: LiveSite, alice: User, tmp_path: Path, code: str
) -> None:
    User.objects.update(language=code)
    row = conversation_of(alice, pairs=2, title="双十二 staffing")
    assert row.leaf
    Message.objects.filter(pk=row.leaf.pk).update(parts=as_parts(ANSWER))
    sign_in(context, live_site, alice)
    connections.close_all()
    page = context.new_page()
    page.goto(f"{live_site.url}/c/{row.pk}/")
    ready(page)
    more, html = MENU[code]
    page.locator("header.topbar").get_by_role("button", name=more, exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name=html, exact=True).click()
    assert download.value.suggested_filename == "双十二 staffing.html"
    download.value.save_as(tmp_path / "page.html")

    complaints, asked = complaints_of(page), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"file://{tmp_path}/page.html")
    assert page.locator("article").count() == 4
    expect(page.get_by_role("heading", level=1)).to_have_text("双十二 staffing")
    assert in_both_themes(page) == []
    assert (complaints, asked) == ([], [f"file://{tmp_path}/page.html"])
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.emulate_media(media="print", color_scheme="dark")
    assert len(page.pdf()) > 10_000


def test_the_print_page_has_every_message_and_asks_the_printer(
    context: BrowserContext, live_site: LiveSite, alice: User
) -> None:
    row = conversation_of(alice, pairs=120)
    sign_in(context, live_site, alice)
    connections.close_all()
    page = context.new_page()
    complaints = complaints_of(page)
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; };")
    page.goto(f"{live_site.url}/c/{row.pk}/print/")
    ready(page)
    assert page.locator("article").count() == 240
    page.wait_for_function("window.printed === 1")
    page.get_by_role("button", name="Print", exact=True).click()
    page.wait_for_function("window.printed === 2")
    assert complaints == []
    page.emulate_media(media="print")
    expect(page.locator(".share-bar")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Back to chat").click()
    expect(page.locator("#scroll")).to_be_visible()


@pytest.mark.parametrize("code", MENU)
def test_axe_finds_nothing_on_the_print_page(
    context: BrowserContext, live_site: LiveSite, alice: User, code: str
) -> None:
    User.objects.update(language=code)
    row = conversation_of(alice, pairs=2)
    sign_in(context, live_site, alice)
    connections.close_all()
    page = context.new_page()
    page.goto(f"{live_site.url}/c/{row.pk}/print/")
    assert in_both_themes(page) == []

"""Sharing in a browser: the dialog, the page without scripts, the reader's page, a copy."""

from __future__ import annotations

import re

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect

from conversations.actions import sharing as actions
from conversations.actions.sharing import Terms
from conversations.models import Conversation, Message, ShareLink, SharingPolicy, User
from conversations.views.settings.design_samples import ANSWER
from tests.branches import as_parts, conversation_of
from tests.browser.accessibility import TOO_SMALL, in_both_themes
from tests.browser.pages import complaints_of, ready, sign_in
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
PASSWORD = "open sesame"
WORDS = {
    "en": ("Share", "Create link", "Copy", "Copied", "Revoke", "Links to this conversation"),
    "zh-hans": ("分享", "生成链接", "复制", "已复制", "撤销", "这个对话的链接"),
}


@pytest.fixture
def conversation(live_site: LiveSite, alice: User, rita: User) -> Conversation:
    row = conversation_of(alice, pairs=2, title="Staffing the desk")
    assert row.leaf
    Message.objects.filter(pk=row.leaf.pk).update(parts=as_parts(ANSWER))
    actions.change_audience(SharingPolicy.Audience.PUBLIC, actor=rita)
    return row


def shared(row: Conversation, *, password: str = "") -> ShareLink:
    assert row.leaf
    return actions.share(row, until=row.leaf, user=row.owner, terms=Terms(password=password))


@pytest.mark.parametrize("code", WORDS)
def test_a_link_is_made_copied_and_revoked_in_the_dialog(
    context: BrowserContext, live_site: LiveSite, conversation: Conversation, code: str
) -> None:
    User.objects.update(language=code)
    share, create, copy, copied, revoke, heading = WORDS[code]
    sign_in(context, live_site, conversation.owner)
    connections.close_all()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    complaints = complaints_of(page)
    page.goto(f"{live_site.url}/c/{conversation.pk}/")
    ready(page)
    page.get_by_role("banner").or_(page.locator(".topbar")).first.get_by_role(
        "link", name=share, exact=True
    ).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name=create, exact=True)).to_be_visible()
    assert in_both_themes(page) == []
    dialog.get_by_role("button", name=create, exact=True).click()
    expect(dialog.get_by_role("heading", name=heading)).to_be_visible()
    button = dialog.locator("copy-field button")
    expect(button).to_be_focused()
    expect(button).to_have_text(copy)
    button.click()
    expect(button).to_have_text(copied)
    address = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf"{live_site.url}/share/[\w-]{{43}}/", address)
    assert in_both_themes(page) == []
    dialog.get_by_role("button", name=revoke, exact=True).click()
    expect(dialog.get_by_role("heading", name=heading)).to_have_count(0)
    assert complaints == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_what_is_refused_is_said_in_the_dialog(
    context: BrowserContext, live_site: LiveSite, conversation: Conversation, rita: User
) -> None:
    sign_in(context, live_site, conversation.owner)
    connections.close_all()
    page = context.new_page()
    page.goto(f"{live_site.url}/c/{conversation.pk}/")
    ready(page)
    page.get_by_role("link", name="Share", exact=True).first.click()
    create = page.get_by_role("dialog").get_by_role("button", name="Create link")
    expect(create).to_be_visible()
    actions.change_audience(SharingPolicy.Audience.OFF, actor=rita)
    create.click()
    alert = page.get_by_role("dialog").get_by_role("alert")
    expect(alert).to_have_text("An administrator has turned sharing off.")


def test_it_works_without_scripts(
    browser: Browser, context: BrowserContext, live_site: LiveSite, conversation: Conversation
) -> None:
    sign_in(context, live_site, conversation.owner)
    connections.close_all()
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(f"{live_site.url}/c/{conversation.pk}/")
    page.get_by_role("link", name="Share", exact=True).first.click()
    page.get_by_label("Stops working").select_option("7")
    page.get_by_label("Password (optional)").fill(PASSWORD)
    page.get_by_role("button", name="Create link").click()
    address = page.get_by_label("with a password").input_value()
    reader = browser.new_context(java_script_enabled=False)
    theirs = reader.new_page()
    theirs.goto(address)
    theirs.get_by_label("Password").fill("wrong one")
    theirs.get_by_role("button", name="Open").click()
    expect(theirs.get_by_text("Wrong password.")).to_be_visible()
    theirs.get_by_label("Password").fill(PASSWORD)
    theirs.get_by_role("button", name="Open").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Staffing the desk")
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("The link was revoked.")).to_be_visible()
    assert theirs.reload()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Nothing here")
    reader.close()
    plain.close()


@pytest.mark.parametrize("tag", ["en", "zh-CN"])
def test_the_readers_pages_are_for_everybody(
    browser: Browser, live_site: LiveSite, conversation: Conversation, tag: str
) -> None:
    link, locked = shared(conversation), shared(conversation, password=PASSWORD)
    connections.close_all()
    touch = browser.new_context(
        locale=tag, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740}
    )
    page = touch.new_page()
    complaints = complaints_of(page)
    found, small = [], {}
    for one in (link, locked):
        page.goto(f"{live_site.url}/share/{one.token}/")
        assert page.locator("html").get_attribute("lang") == tag
        found += in_both_themes(page)
        small[one.token] = page.evaluate(TOO_SMALL)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert (found, small) == ([], {link.token: [], locked.token: []})
    assert [line for line in complaints if "[DOM]" not in line] == []
    touch.close()


def test_the_rest_of_a_long_one_comes_as_it_is_read(
    page: Page, live_site: LiveSite, alice: User, conversation: Conversation
) -> None:
    link = shared(conversation_of(alice, pairs=120))
    connections.close_all()
    page.goto(f"{live_site.url}/share/{link.token}/")
    ready(page)
    expect(page.locator("article")).to_have_count(100)
    page.get_by_role("link", name="Show more messages").scroll_into_view_if_needed()
    expect(page.locator("article")).to_have_count(200)
    page.get_by_role("link", name="Show more messages").scroll_into_view_if_needed()
    expect(page.locator("article")).to_have_count(240)
    expect(page.get_by_role("link", name="Show more messages")).to_have_count(0)


def test_a_team_mate_goes_on_with_a_copy(
    context: BrowserContext, live_site: LiveSite, conversation: Conversation, bob: User
) -> None:
    link = shared(conversation)
    sign_in(context, live_site, bob)
    connections.close_all()
    page = context.new_page()
    page.goto(f"{live_site.url}/share/{link.token}/")
    page.get_by_role("button", name="Continue in Chatsite").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Staffing the desk")
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_visible()
    expect(page.locator("chat-stream article")).to_have_count(4)

"""A user's own message on the page: code in it, and its fold."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import Connection, Message, User
from tests.branches import as_parts, conversation_of
from tests.browser.accessibility import violations
from tests.browser.pages import ready, sign_in
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "Mend this:\n```python\nprint(1)\n```\n" + "\n".join(f"Line {n}" for n in range(30))
FOLD = {"en": ("Show more", "Show less"), "zh-hans": ("展开", "收起")}


def open_with(context: BrowserContext, site: LiveSite, user: User, width: int) -> Page:
    row = conversation_of(user)
    Message.objects.filter(conversation=row, role="user").update(parts=as_parts(TEXT))
    sign_in(context, site, user)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site.url}/c/{row.pk}/")
    ready(page)
    return page


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("code", FOLD)
def test_code_is_set_as_code_and_the_rest_is_folded(
    context: BrowserContext,
    live_site: LiveSite,
    alice: User,
    upstream_connection: Connection,
    *,
    code: str,
    width: int,
) -> None:
    User.objects.update(language=code)
    more, less = FOLD[code]
    page = open_with(context, live_site, alice, width)
    said = page.locator("article[data-role=user] [data-text]")
    expect(said).to_have_js_property("textContent", TEXT)
    assert "```" not in said.inner_text()
    family = page.locator(".slip__code").evaluate("code => getComputedStyle(code).fontFamily")
    assert "mono" in family.lower()
    folded = said.evaluate("said => said.clientHeight")
    assert folded < said.evaluate("said => said.scrollHeight") / 2
    page.get_by_text(more, exact=True).click()
    expect(page.get_by_text(less, exact=True)).to_be_visible()
    assert said.evaluate("said => said.clientHeight === said.scrollHeight")
    assert violations(page) == []
    page.get_by_text(less, exact=True).click()
    assert said.evaluate("said => said.clientHeight") == folded

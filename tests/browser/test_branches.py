"""Versions of a turn in a browser: edited, switched, deleted, forked, in two tabs at once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import Connection, Conversation, User
from tests.branches import conversation_of
from tests.browser.pages import sign_in
from tests.browser.watching import ANSWER, open_tab
from tests.conftest import wait_for
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("upstream_connection"),
]
QUESTION = "article[data-role=user]"


@pytest.fixture
def conversation(live_site: LiveSite, alice: User) -> Conversation:
    return conversation_of(alice, pairs=2)


@pytest.fixture
def tab(
    context: BrowserContext, live_site: LiveSite, alice: User, conversation: Conversation
) -> Page:
    sign_in(context, live_site, alice)
    return another_tab(context, live_site, conversation)


def another_tab(context: BrowserContext, site: LiveSite, conversation: Conversation) -> Page:
    return open_tab(context, site, f"/c/{conversation.pk}/")[0]


def texts(page: Page) -> list[str]:
    return page.locator("article :is([data-text], [data-blocks])").all_inner_texts()


def edit(page: Page, number: int, text: str) -> None:
    turn = page.locator(QUESTION).nth(number)
    turn.hover()
    turn.get_by_role("button", name="Edit").click()
    page.get_by_role("textbox", name="Edit message").fill(text)


def completed(page: Page) -> None:
    expect(page.locator(ANSWER).last).to_have_attribute("data-status", "completed")


def test_an_edited_question_is_a_version_and_the_old_one_is_kept(tab: Page) -> None:
    edit(tab, 1, "In other words")
    tab.get_by_role("button", name="Send", exact=True).click()
    expect(tab.locator(QUESTION).nth(1)).to_contain_text("In other words")
    completed(tab)
    assert texts(tab)[-1] == "You said: In other words"
    turn = tab.locator(QUESTION).nth(1)
    expect(turn.get_by_role("group", name="Version 2/2")).to_be_visible()
    turn.get_by_role("button", name="Previous version").click()
    expect(tab.get_by_role("group", name="Version 1/2")).to_be_visible()
    assert texts(tab) == ["Question 0", "Answer 0", "Question 1", "Answer 1"]
    # The same button of the new version has the focus, so that keys go on from there.
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("group", name="Version 1/2")).to_be_visible()
    tab.keyboard.press("]")
    expect(tab.get_by_role("group", name="Version 2/2")).to_be_visible()
    expect(tab.locator("#announcer")).to_have_text("Version 2/2")


def test_escape_leaves_what_is_unchanged_and_asks_about_the_rest(tab: Page) -> None:
    tab.get_by_role("textbox", name="Message", exact=True).press("ArrowUp")
    box = tab.get_by_role("textbox", name="Edit message")
    expect(box).to_be_focused()
    expect(box).to_have_value("Question 1")
    tab.keyboard.press("Escape")
    expect(box).to_have_count(0)
    tab.keyboard.press("e")
    expect(box).to_be_focused()
    tab.keyboard.type(" and more")
    tab.keyboard.press("Escape")
    dialog = tab.get_by_role("dialog", name="Discard your changes?")
    dialog.get_by_role("button", name="Keep editing").click()
    expect(box).to_be_focused()
    tab.reload()
    tab.locator(QUESTION).nth(1).hover()
    tab.locator(QUESTION).nth(1).get_by_role("button", name="Edit").click()
    expect(box).to_have_value("Question 1 and more")
    tab.keyboard.press("Escape")
    dialog.get_by_role("button", name="Discard").click()
    expect(box).to_have_count(0)
    assert texts(tab)[2] == "Question 1"


def test_two_tabs_that_edit_at_once_both_keep_their_work(
    context: BrowserContext, live_site: LiveSite, tab: Page, conversation: Conversation
) -> None:
    other = another_tab(context, live_site, conversation)
    edit(tab, 1, "From the first tab")
    edit(other, 1, "From the second tab")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("group", name="Version 2/2")).to_be_visible()
    completed(tab)
    expect(other.get_by_role("textbox", name="Edit message")).to_have_value("From the second tab")
    other.get_by_role("button", name="Send", exact=True).click()
    for page in (tab, other):
        expect(page.get_by_role("group", name="Version 3/3")).to_be_visible()
        expect(page.locator(QUESTION).last).to_contain_text("From the second tab")
    completed(other)
    said = {message.text for message in conversation.messages.filter(role="user")}
    assert said >= {"Question 1", "From the first tab", "From the second tab"}


def test_a_run_that_was_left_goes_on(tab: Page, fake_upstream: FakeUpstream) -> None:
    gate = fake_upstream.hold("So far")
    tab.get_by_role("textbox", name="Message", exact=True).fill("Slow one")
    tab.keyboard.press("Enter")
    expect(tab.locator(ANSWER).last).to_contain_text("So far")
    edit(tab, 2, "Quick one")
    tab.get_by_role("button", name="Send", exact=True).click()
    expect(tab.get_by_role("group", name="Version 2/2")).to_be_visible()
    completed(tab)
    expect(tab.get_by_role("button", name="Send message")).to_be_visible()
    tab.get_by_role("button", name="Previous version").click()
    expect(tab.locator(ANSWER).last).to_contain_text("So far")
    expect(tab.get_by_role("button", name="Stop generating")).to_be_visible()
    gate.release()
    completed(tab)


def test_an_answer_is_rewritten_in_place(tab: Page, conversation: Conversation) -> None:
    turn = tab.locator(ANSWER).last
    turn.get_by_role("button", name="More actions").click()
    turn.get_by_role("button", name="Edit").click()
    box = tab.get_by_role("textbox", name="Edit message")
    expect(box).to_have_value("Answer **1**")
    box.fill("Mine, **all** of it")
    tab.get_by_role("button", name="Save").click()
    expect(tab.locator(ANSWER).last).to_contain_text("Mine, all of it")
    expect(tab.locator(ANSWER).last.locator("header")).to_contain_text("edited")
    expect(tab.get_by_role("group", name="Version 2/2")).to_be_visible()


def test_a_deletion_shows_in_every_tab_and_is_taken_back(
    context: BrowserContext, live_site: LiveSite, tab: Page, conversation: Conversation
) -> None:
    other = another_tab(context, live_site, conversation)
    turn = tab.locator(QUESTION).nth(1)
    turn.hover()
    turn.get_by_role("button", name="More actions").click()
    turn.get_by_role("button", name="Delete").click()
    for page in (tab, other):
        expect(page.locator("article")).to_have_count(2)
    tab.get_by_role("button", name="Undo").click()
    for page in (tab, other):
        expect(page.locator("article")).to_have_count(4)


def test_a_branch_goes_on_in_a_conversation_of_its_own(tab: Page) -> None:
    turn = tab.locator(ANSWER).first
    turn.hover()
    turn.get_by_role("button", name="Branch from here").click()
    expect(tab.get_by_role("heading", name="Branch: A talk")).to_be_visible()
    assert texts(tab) == ["Question 0", "Answer 0"]


def test_another_model_answers_in_place(
    tab: Page, fake_upstream: FakeUpstream, upstream_connection: Connection
) -> None:
    turn = tab.locator(ANSWER).last
    turn.get_by_role("button", name="More actions").click()
    turn.get_by_role("button", name="Regenerate with another model").click()
    tab.get_by_role("searchbox", name="Find a model").fill("gpt-4.1-mini")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("group", name="Version 2/2")).to_be_visible()
    completed(tab)
    expect(tab.locator(ANSWER).last).to_have_attribute("data-speaker", "gpt-4.1-mini")
    expect(tab.get_by_role("button", name=re.compile("^Model:"))).not_to_have_text("gpt-4.1-mini")
    assert fake_upstream.bodies[-1]["model"] == "gpt-4.1-mini"


def test_switching_keeps_the_place_of_the_turn(
    context: BrowserContext, live_site: LiveSite, alice: User
) -> None:
    sign_in(context, live_site, alice)
    tab = another_tab(context, live_site, conversation_of(alice, pairs=24))
    edit(tab, 12, "In other words")
    tab.get_by_role("button", name="Send", exact=True).click()
    expect(tab.get_by_role("group", name="Version 2/2")).to_be_visible()
    completed(tab)
    turn = "document.querySelectorAll('article')[24]"
    tab.evaluate(f"{turn}.scrollIntoView({{ block: 'center' }})")
    button = tab.get_by_role("button", name="Previous version")
    button.hover()  # before the position is measured, because it may scroll
    before = tab.evaluate(f"{turn}.getBoundingClientRect().top")
    button.click()
    expect(tab.get_by_role("group", name="Version 1/2")).to_be_visible()
    expect(tab.locator("article")).to_have_count(48)
    # Awaited, because the turn gets its position a frame after the articles are there.
    wait_for(lambda: abs(tab.evaluate(f"{turn}.getBoundingClientRect().top") - before) <= 2)


def test_without_scripts_versions_are_forms(
    browser: object, live_site: LiveSite, alice: User, conversation: Conversation
) -> None:
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    sign_in(context, live_site, alice)
    page = context.new_page()
    page.goto(f"{live_site.url}/c/{conversation.pk}/")
    page.locator(ANSWER).last.get_by_role("button", name="More actions").click()
    page.locator(ANSWER).last.get_by_role("button", name="Edit").click()
    page.get_by_role("textbox", name="Edit message").fill("Mine")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(ANSWER).last).to_contain_text("Mine")
    page.get_by_role("button", name="Previous version").click()
    expect(page.get_by_role("group", name="Version 1/2")).to_be_visible()
    context.close()

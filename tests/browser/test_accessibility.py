"""Accessibility of every page: axe, keyboard, touch, narrow screens, print, less motion."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.db import connections
from django.template.loader import render_to_string
from django.utils import timezone, translation
from playwright.sync_api import BrowserContext, Page, Route, expect

from conversations.models import (
    Connection,
    Conversation,
    Generation,
    Message,
    Price,
    UsageRecord,
    User,
)
from conversations.views.settings.design_samples import ANSWER, BEGINNING
from tests.branches import as_parts, conversation_of
from tests.browser.accessibility import TOO_SMALL, in_both_themes, violations
from tests.browser.pages import painted, ready, send, sign_in
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite
from tests.views.wire_records import store_exchange

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
STATES = ("completed", "stopped", "interrupted", "failed", "running")
NOWHERE = f"/c/{uuid.UUID(int=7)}/"
SETTINGS = (
    "profile",
    "appearance",
    "connections",
    "connections/new",
    "models",
    "people",
    "data",
    "security",
    "sharing",
    "tools",
    "tools/new",
    "usage",
)
LISTS = ("/conversations/", "/conversations/archived/", "/conversations/deleted/", "/?temporary=1")
LANGUAGES = [("en", "en"), ("zh-CN", "zh-hans")]


@pytest.fixture
def conversation(live_site: LiveSite, rita: User, upstream_connection: Connection) -> Conversation:
    """A conversation with an answer in each state, the first with all elements of Markdown."""
    conversation = conversation_of(rita, pairs=len(STATES), title="Staffing the desk")
    answers = Message.objects.filter(conversation=conversation, role="assistant")
    for answer, status in zip(answers.order_by("id"), STATES, strict=True):
        answer.parts = as_parts(ANSWER if status == "completed" else BEGINNING)
        answer.save()
        fields: dict[str, Any] = {"status": status, "connection_name": "Fake"}
        if status == "failed":
            fields |= {"error_kind": "key_refused", "error_status": 401}
        if status == "running":
            # As if another process ran it, because an orphan would be marked as interrupted.
            fields |= {
                "lease_owner": uuid.uuid4(),
                "heartbeat": timezone.now() + datetime.timedelta(1),
            }
        Generation.objects.filter(message=answer).update(**fields)
        _spend(answer)
    return conversation


def _spend(answer: Message) -> None:
    """Record the usage of an answer, at a price in force or without one."""
    run = answer.generations.get()
    is_planned = run.status == "failed"
    price = Price.objects.create(
        model=run.model,
        model_name=run.model_name,
        currency="USD" if run.status == "completed" else "CNY",
        input_rate=1,
        output_rate=2,
        effective_from=timezone.now() + datetime.timedelta(5 if is_planned else -5),
    )
    UsageRecord.objects.create(
        purpose="chat",
        person=answer.conversation.owner,
        model=run.model,
        model_name=run.model_name,
        connection_name="Fake",
        price=None if is_planned else price,
        prompt_tokens=1_234_567,
        completion_tokens=89_012,
        total_tokens=1_323_579,
        is_estimated=run.status == "stopped",
    )


@pytest.fixture
def paths(conversation: Conversation) -> list[str]:
    """The path of every page that an administrator can open."""
    run = conversation.messages.filter(role="assistant")[0].generations.get()
    store_exchange(run)
    model = run.model
    assert model
    pages = [f"/settings/{name}/" for name in (*SETTINGS, "design", f"models/{model.pk}")]
    wire = f"/c/{conversation.pk}/messages/{run.message_id}/wire/"
    return ["/", f"/c/{conversation.pk}/", NOWHERE, *LISTS, *pages, wire]


@pytest.fixture
def administrator(
    context: BrowserContext, live_site: LiveSite, rita: User, conversation: Conversation
) -> BrowserContext:
    sign_in(context, live_site, rita)
    connections.close_all()
    return context


def opened(context: BrowserContext, site: LiveSite, path: str) -> Page:
    page = context.new_page()
    page.goto(f"{site.url}{path}")
    return page


@pytest.mark.parametrize(("tag", "code"), LANGUAGES)
def test_axe_finds_nothing(
    administrator: BrowserContext, live_site: LiveSite, paths: list[str], tag: str, code: str
) -> None:
    User.objects.update(language=code)
    page = administrator.new_page()
    found = []
    for path in paths:
        page.goto(f"{live_site.url}{path}")
        assert page.locator("html").get_attribute("lang") == tag
        found += in_both_themes(page)
    assert found == []


@pytest.mark.parametrize(("tag", "code"), LANGUAGES)
def test_axe_finds_nothing_when_signed_out_nor_on_error_pages(
    page: Page, live_site: LiveSite, alice: User, tag: str, code: str
) -> None:
    page.set_extra_http_headers({"Accept-Language": tag})
    page.goto(f"{live_site.url}/accounts/login/")
    assert page.locator("html").get_attribute("lang") == tag
    found = in_both_themes(page)
    page.get_by_role("textbox").first.fill("nobody@example.com")
    page.locator("input[type=password]").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.locator(".notice, .field__error, .errorlist").first).to_be_visible()
    found += in_both_themes(page)
    for name in ("400", "403", "403_csrf", "404", "429", "500"):
        with translation.override(code):
            page.set_content(render_to_string(f"{name}.html"))
        found += in_both_themes(page)
    for name in ("unsent", "unsent_signed_out", "503"):
        with translation.override(code):
            fields = {"message": "…", "action": "/c/", "fields": [("text", "One\ntwo")]}
            page.set_content(render_to_string(f"{name}.html", fields))
        found += in_both_themes(page)
    assert found == []


def test_axe_finds_nothing_on_the_set_up_pages(page: Page, fresh_site: LiveSite) -> None:
    page.goto(fresh_site.url)
    found = in_both_themes(page)
    page.get_by_role("button", name="Continue").click()
    found += in_both_themes(page)
    page.get_by_label("Email").fill("wen@example.com")
    page.get_by_label("Name").fill("Wen Jing")
    page.get_by_label("Password").fill("a long enough phrase 9")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/setup/connection/")
    assert found + in_both_themes(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chosen_theme_wins_over_the_device(
    administrator: BrowserContext, live_site: LiveSite, rita: User, theme: str
) -> None:
    User.objects.filter(pk=rita.pk).update(theme=theme)
    page = administrator.new_page()
    page.emulate_media(color_scheme="light" if theme == "dark" else "dark")
    page.goto(f"{live_site.url}/")
    background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    lightness = float(background.removeprefix("oklch(").split()[0])
    assert lightness > 0.9 if theme == "light" else lightness < 0.3


# A small phone, and a screen of 1280 by 1024 at a zoom of 400 %.
@pytest.mark.parametrize("size", [(360, 740), (320, 256)])
@pytest.mark.parametrize("code", ["en", "zh-hans"])
def test_nothing_scrolls_sideways(
    administrator: BrowserContext,
    live_site: LiveSite,
    paths: list[str],
    size: tuple[int, int],
    code: str,
) -> None:
    User.objects.update(language=code)
    page = administrator.new_page()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    wide = []
    for path in (*paths, "/accounts/password/reset/key/x-y/"):
        page.goto(f"{live_site.url}{path}")
        if page.evaluate("document.documentElement.scrollWidth") > size[0]:
            wide.append(path)
    assert wide == []


SHOW = """(id) => {
    const layer = document.getElementById(id);
    if (!layer.matches(":popover-open")) layer.showPopover();
}"""
LAYERS = ("sidebar", "user-menu", "picker", "params", "conversation-menu")


@pytest.mark.parametrize("width", [390, 1180])
def test_every_control_is_large_enough_for_touch(
    administrator: BrowserContext, live_site: LiveSite, paths: list[str], width: int
) -> None:
    browser = administrator.browser
    assert browser
    touch = browser.new_context(
        has_touch=True,
        is_mobile=True,
        viewport={"width": width, "height": 844},
        storage_state=administrator.storage_state(),
    )
    page = touch.new_page()
    small: dict[str, list[str]] = {}
    for path in paths:
        page.goto(f"{live_site.url}{path}")
        small[path] = page.evaluate(TOO_SMALL)
    page.goto(f"{live_site.url}{paths[1]}")
    ready(page)
    for layer in LAYERS:
        page.evaluate(SHOW, layer)
        small[layer] = page.evaluate(TOO_SMALL)
        page.evaluate("id => document.getElementById(id).hidePopover()", layer)
    touch.close()
    assert {path: found for path, found in small.items() if found} == {}


def test_prints_a_clean_document(
    administrator: BrowserContext, live_site: LiveSite, conversation: Conversation
) -> None:
    page = opened(administrator, live_site, f"/c/{conversation.pk}/")
    page.emulate_media(media="print", color_scheme="dark")
    for chrome in ("#sidebar", ".dock", ".turn__foot", ".topbar__actions", ".rail", "code-copy"):
        assert page.locator(chrome).count() > 0
        expect(page.locator(chrome).first).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".who__name").first).to_be_visible()
    spelled = page.locator(".prose a[href='https://example.org/plan']").evaluate(
        "link => getComputedStyle(link, '::after').content"
    )
    assert "https://example.org/plan" in spelled
    assert page.evaluate(
        "document.body.scrollHeight > innerHeight"
    )  # so that nothing is cut off on paper
    colour = page.locator(".prose").first.evaluate("e => getComputedStyle(e).color")
    assert float(colour.removeprefix("oklch(").split()[0]) < 0.4
    assert len(page.pdf()) > 10_000


def test_less_motion_holds_everything_still(
    administrator: BrowserContext, live_site: LiveSite
) -> None:
    page = administrator.new_page()
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{live_site.url}/settings/design/")
    painted(page)
    moving = (
        """() => document.getAnimations().filter((one) => one.playState === "running").length"""
    )
    assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
    page.reload()
    assert page.evaluate(moving) > 0


def test_more_contrast_and_forced_colours_keep_every_state(
    administrator: BrowserContext, live_site: LiveSite
) -> None:
    page = administrator.new_page()
    page.goto(f"{live_site.url}/settings/appearance/")
    ink = "getComputedStyle(document.querySelector('.page__lede')).color"
    plain = page.evaluate(ink)
    page.emulate_media(contrast="more")
    assert page.evaluate(ink) != plain
    page.emulate_media(contrast="no-preference", forced_colors="active")
    for current in (".side-nav [aria-current]", ".segmented label:has(:checked)"):
        outline = page.locator(current).first.evaluate("e => getComputedStyle(e).outlineStyle")
        assert outline == "solid"
    assert page.locator(".btn").first.evaluate("e => getComputedStyle(e).borderStyle") == "solid"


def test_the_sheet_lists_what_works_and_each_key_does_it(
    administrator: BrowserContext, live_site: LiveSite, conversation: Conversation
) -> None:
    assert conversation.leaf
    Message.objects.create(
        conversation=conversation,
        parent=conversation.leaf.parent,
        role=Message.Role.ASSISTANT,
        parts=[{"type": "text", "text": "In other words"}],
    )
    page = opened(administrator, live_site, f"/c/{conversation.pk}/")
    ready(page)
    names = page.evaluate(
        "import('/static/js/lib/shortcuts.js').then((m) => m.SHORTCUTS.map((one) => one.name))"
    )
    rows = page.locator("[data-shortcut]")
    assert set(names) == {row.get_attribute("data-shortcut") for row in rows.all()}
    page.locator("#scroll").focus()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_be_visible()
    assert violations(page) == []
    hidden = [row.get_attribute("data-shortcut") for row in rows.all() if row.is_hidden()]
    assert hidden == ["allow", "deny"]
    assert all(row.locator("kbd").count() for row in rows.all() if row.is_visible())
    page.keyboard.press("Control+.")
    expect(page.locator("#picker")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#scroll")).to_be_focused()
    page.keyboard.press("Control+.")
    expect(page.locator("#picker")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_focused()
    page.keyboard.type("/?")
    expect(page.get_by_role("textbox", name="Message", exact=True)).to_have_value("/?")
    expect(sheet).to_be_hidden()
    page.keyboard.press("Control+,")
    page.wait_for_url("**/settings/profile/")


def test_keys_go_from_question_to_question_and_act_on_the_turn(
    administrator: BrowserContext, live_site: LiveSite, conversation: Conversation
) -> None:
    administrator.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened(administrator, live_site, f"/c/{conversation.pk}/")
    ready(page)
    questions = page.locator("article.turn--user")
    page.locator("#scroll").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowDown")
    focused = questions.nth(3)
    if not focused.evaluate("e => e === document.activeElement"):
        focused = questions.nth(2)
    expect(focused).to_be_focused()
    expect(focused).to_be_in_viewport()
    page.keyboard.press("c")
    expect(page.locator("#announcer")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == focused.locator(".slip").inner_text()
    page.keyboard.press("End")
    expect(page.locator("article").last).to_be_in_viewport()


def test_shortcuts_can_be_switched_off_and_ctrl_enter_can_send(
    administrator: BrowserContext, live_site: LiveSite, rita: User
) -> None:
    page = opened(administrator, live_site, "/settings/appearance/")
    ready(page)
    page.get_by_role("switch", name="Keyboard shortcuts").click()
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    page.get_by_role("radio", name="Ctrl Enter").check()
    page.get_by_role("radio", name="Dark").check()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    page.wait_for_function("() => document.documentElement.dataset.sendWith === 'ctrl-enter'")
    page.goto(f"{live_site.url}/")
    ready(page)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    box = page.get_by_role("textbox", name="Message", exact=True)
    box.blur()
    page.keyboard.press("?")
    page.keyboard.press("/")
    expect(page.locator("#shortcuts")).to_be_hidden()
    expect(box).not_to_be_focused()
    box.focus()
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.type("two")
    expect(box).to_have_value("one\ntwo")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/c/**")


def test_ticks_lead_to_their_questions(
    administrator: BrowserContext, live_site: LiveSite, conversation: Conversation
) -> None:
    page = administrator.new_page()
    page.set_viewport_size({"width": 1440, "height": 700})
    page.goto(f"{live_site.url}/c/{conversation.pk}/")
    ready(page)
    ticks = page.get_by_role("navigation", name="Questions in this conversation").get_by_role(
        "link"
    )
    expect(ticks).to_have_count(len(STATES))
    expect(ticks.last).to_have_attribute("aria-current", "true")
    ticks.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("article.turn--user").first).to_be_focused()
    expect(ticks.first).to_have_attribute("aria-current", "true")
    page.set_viewport_size({"width": 1000, "height": 700})
    expect(ticks.first).to_be_hidden()


def test_the_first_tab_skips_to_the_page(
    administrator: BrowserContext, live_site: LiveSite
) -> None:
    page = opened(administrator, live_site, "/settings/appearance/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="System")).to_be_focused()


def test_words_are_counted_as_readers_count_them(
    administrator: BrowserContext, live_site: LiveSite
) -> None:
    page = opened(administrator, live_site, "/")
    ready(page)
    texts = ["", "Two words.", "It's 3.5 GB, isn't it?", "双十二要排 50 人。", "用GPT-5.4写"]
    counts = page.evaluate(
        "(texts) => import('/static/js/lib/words.js').then((m) => texts.map(m.countWords))", texts
    )
    assert counts == [0, 2, 5, 7, 3]


LISTEN = """() => {
    window.heard = [];
    const region = document.getElementById("announcer");
    const note = () => region.textContent && window.heard.push(region.textContent);
    new MutationObserver(note).observe(region, { childList: true });
}"""


def test_an_answer_is_announced_and_spoken_by_sentences_from_its_own_region(
    administrator: BrowserContext, live_site: LiveSite, fake_upstream: FakeUpstream
) -> None:
    User.objects.update(reads_sentences=True)
    gate = fake_upstream.hold("One is here. Two *follows*. And a th")
    page = opened(administrator, live_site, "/")
    ready(page)
    page.evaluate(LISTEN)

    def come_late(route: Route) -> None:
        """Hold the conversation's page back until the first sentences are in it."""
        assert gate.wait_reached(30)
        route.continue_()

    page.route("**/c/*/", come_late)
    send(page, "Say three things")
    spoken = page.locator("sentence-reader p")
    expect(spoken).to_have_text(["One is here.", "Two follows."])
    focused = "document.activeElement.id"
    assert page.evaluate(focused) == "text"
    gate.release()
    expect(spoken).to_have_text(["One is here.", "Two follows.", "And a th"])
    expect(page.locator("#announcer")).to_have_text("Reply finished, 8 words")
    assert "gpt-5.4 is replying" in page.evaluate("window.heard")
    assert page.locator(":is(article, chat-stream, .prose)[aria-live]").count() == 0
    assert page.evaluate(focused) == "text"
    page.clock.install()
    page.reload()
    ready(page)
    page.clock.fast_forward(5_000)
    painted(page)
    expect(spoken).to_have_count(0)


ASK_TWICE = """async (url) => {
    const { Fragments } = await import("/static/js/lib/fragments.js");
    const [fragments, shown] = [new Fragments(), []];
    fragments.show(`${url}?`, () => shown.push("before"));
    fragments.show(url, () => shown.push("a run that goes on"));
    fragments.show(url, () => shown.push("its end"));
    await new Promise((done) => fragments.show(`${url}?after`, done));
    return shown;
}"""


def test_of_two_requests_for_a_message_the_one_that_announces_its_end_is_kept(
    administrator: BrowserContext, live_site: LiveSite, conversation: Conversation
) -> None:
    page = opened(administrator, live_site, f"/c/{conversation.pk}/")
    ready(page)
    url = page.locator("chat-stream").get_attribute("data-thread-url")
    assert page.evaluate(ASK_TWICE, url) == ["before", "its end"]


EDGES = """() => [
    "article .slip", "article .prose p", "article .prose td", ".code pre code", "#text",
].map((selector) => {
        const element = document.querySelector(selector);
        const range = document.createRange();
        range.selectNodeContents(element);
        const isField = element.matches("textarea");
        const { left } = (isField ? element : range).getBoundingClientRect();
        return left + (isField ? parseFloat(getComputedStyle(element).paddingLeft) : 0);
})"""


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_all_that_is_read_has_one_left_edge(
    administrator: BrowserContext, live_site: LiveSite, conversation: Conversation, width: int
) -> None:
    page = administrator.new_page()
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{live_site.url}/c/{conversation.pk}/")
    edges = page.evaluate(EDGES)
    assert max(edges) - min(edges) < 1, edges

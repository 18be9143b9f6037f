"""Composer, drafts, scrolling and the pure modules of the page's scripts, in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from conversations.models import Connection, Conversation, User
from tests.branches import conversation_of
from tests.browser.accessibility import violations
from tests.browser.pages import painted, posts_of, ready, sign_in
from tests.conftest import wait_for
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

GROW = """() => {
    const paragraph = document.createElement("p");
    paragraph.textContent = "more ".repeat(400);
    document.querySelector("chat-stream article:last-of-type .prose").append(paragraph);
}"""


@pytest.fixture
def conversation(live_site: LiveSite, alice: User) -> Conversation:
    """A long conversation without any connection, so that every message is refused."""
    Connection.objects.all().delete()
    return conversation_of(alice, pairs=60)


@pytest.fixture
def opened(
    page: Page, live_site: LiveSite, alice: User, conversation: Conversation
) -> Iterator[Page]:
    """The conversation's page; errors and console lines of the browser fail the test."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page.context, live_site, alice)
    page.goto(f"{live_site.url}/c/{conversation.pk}/")
    ready(page)
    yield page
    # The browser reports the 409 of a refused message, an autofocus that comes after the test's own
    # focus, and a service worker that is not there yet when the page goes offline.
    expected = ("status of 409", "Autofocus processing was blocked", "fetching the script")
    assert [line for line in complaints if not any(part in line for part in expected)] == []


def box(page: Page) -> Any:
    return page.get_by_role("textbox", name="Message", exact=True)


def refusals(page: Page) -> Any:
    """The note of the composer."""
    return page.locator("#composer-note")


def test_enter_sends_and_what_is_refused_comes_back(opened: Page) -> None:
    box(opened).fill("Hello")
    box(opened).press("Shift+Enter")
    expect(box(opened)).to_have_value("Hello\n")
    box(opened).press("Enter")
    expect(refusals(opened)).to_contain_text("No connection offers this model")
    expect(box(opened)).to_have_value("Hello\n")
    expect(opened.locator("[data-status=pending]")).to_have_count(0)


def test_an_enter_of_the_input_method_does_not_send(opened: Page) -> None:
    box(opened).focus()
    posts = posts_of(opened)
    cdp = opened.context.new_cdp_session(opened)
    cdp.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    opened.keyboard.press("Enter")
    cdp.send("Input.insertText", {"text": "你好"})
    painted(opened)
    # A line break may follow, because the protocol's input method passes the key on.
    expect(box(opened)).to_have_value(re.compile("^你好\\s*$"))
    assert posts == []
    opened.keyboard.press("Enter")
    expect(refusals(opened)).not_to_be_empty()


def test_safari_sends_the_enter_after_the_composition_has_ended(opened: Page) -> None:
    box(opened).fill("你好")
    posts = posts_of(opened)
    sent_at = box(opened).evaluate(
        """field => {
            const enter = {key: "Enter", bubbles: true, cancelable: true};
            field.dispatchEvent(new CompositionEvent("compositionend", {bubbles: true}));
            field.dispatchEvent(new KeyboardEvent("keydown", enter));
            return performance.now();
        }"""
    )
    # The Enter of an input method comes within 50 ms of the composition's end.
    opened.wait_for_function("then => performance.now() > then + 100", arg=sent_at)
    assert posts == []
    box(opened).press("Enter")
    expect(refusals(opened)).not_to_be_empty()


def test_a_draft_survives_a_reload_and_not_the_sign_out(opened: Page) -> None:
    box(opened).fill("Half a thought")
    opened.reload()
    expect(box(opened)).to_have_value("Half a thought")
    opened.locator("[popovertarget=user-menu]").click()
    opened.get_by_role("button", name="Sign out").click()
    opened.wait_for_url("**/accounts/login/**")
    assert opened.evaluate("Object.keys(localStorage)") == []


def test_the_limit_is_told_before_it_is_met(opened: Page) -> None:
    box(opened).fill("好" * 75_000)
    expect(refusals(opened)).to_have_text("220 of 256 KB")
    box(opened).fill("好" * 100_000)
    expect(refusals(opened)).to_contain_text("the limit is")
    send = opened.get_by_role("button", name="Send message")
    expect(send).to_have_attribute("aria-disabled", "true")
    box(opened).press("Enter")
    expect(refusals(opened)).to_contain_text("the limit is")


def test_offline_waits_and_says_so(opened: Page) -> None:
    box(opened).fill("Later")
    opened.context.set_offline(True)
    expect(opened.get_by_role("button", name="Send when online")).to_be_visible()
    box(opened).press("Enter")
    expect(refusals(opened)).to_contain_text("You’re offline")
    expect(box(opened)).to_have_value("Later")
    opened.context.set_offline(False)
    expect(refusals(opened)).to_contain_text("No connection offers this model")


def distance(page: Page) -> float:
    """Return the pixels between the visible part and the end of the thread."""
    script = """s => s.scrollHeight - s.scrollTop - s.clientHeight"""
    result: float = page.locator("#scroll").evaluate(script)
    return result


def test_opens_at_the_end_and_follows_until_the_reader_leaves(opened: Page) -> None:
    wait_for(lambda: distance(opened) < 2)
    opened.evaluate(GROW)
    wait_for(lambda: distance(opened) < 2)
    opened.mouse.move(700, 400)
    opened.mouse.wheel(0, -600)
    wait_for(lambda: distance(opened) > 300)
    top = opened.evaluate("document.getElementById('scroll').scrollTop")
    opened.evaluate(GROW)
    painted(opened)
    assert abs(opened.evaluate("document.getElementById('scroll').scrollTop") - top) < 2
    opened.get_by_role("link", name="Jump to latest").click()
    wait_for(lambda: distance(opened) < 2)
    expect(opened.get_by_role("link", name="Jump to latest")).to_be_hidden()


def test_a_short_thread_begins_under_the_bar(
    opened: Page, live_site: LiveSite, alice: User
) -> None:
    opened.goto(f"{live_site.url}/c/{conversation_of(alice, pairs=1).pk}/")
    bar, thread = opened.locator(".topbar").bounding_box(), opened.locator("#scroll").bounding_box()
    assert bar
    assert thread
    assert thread["y"] == bar["y"] + bar["height"]


def test_older_messages_load_upwards_and_nothing_moves(opened: Page) -> None:
    articles = opened.locator("chat-stream article")
    expect(articles).to_have_count(50)
    first = opened.locator(f"[id='{articles.first.get_attribute('id')}']")
    first.evaluate("article => article.scrollIntoView()")
    expect(articles).to_have_count(100)
    painted(opened)
    box_now = first.bounding_box()
    assert box_now
    assert 0 <= box_now["y"] < 200
    opened.locator("#scroll").evaluate("scroller => scroller.scrollTo(0, 0)")
    expect(articles).to_have_count(120)
    expect(opened.get_by_role("link", name="Show older messages")).to_have_count(0)


def test_numbers_of_frames(opened: Page) -> None:
    verdicts = opened.evaluate(
        """async () => {
            const { FrameOrder } = await import("/static/js/lib/frame_order.js");
            const order = new FrameOrder(3);
            return [
                order.accept(3), order.accept(4), order.accept(6), order.accept(5),
                order.restart(4), order.restart(9), order.accept(9), order.accept(10),
                order.isBehind(10), order.isBehind(11),
            ];
        }"""
    )
    assert verdicts == ["drop", "apply", "gap", "apply", False, True, "drop", "apply", False, True]


def test_ids_sort_by_time_and_are_of_version_7(opened: Page) -> None:
    ids = opened.evaluate(
        """async () => {
            const { uuid7 } = await import("/static/js/lib/uuid7.js");
            return [uuid7(0x0123456789ab), ...Array.from({length: 200}, (_, n) => uuid7(1e12 + n))];
        }"""
    )
    assert ids[0].startswith("01234567-89ab-7")
    assert ids[1:] == sorted(ids[1:])
    assert all(one[14] == "7" and one[19] in "89ab" and len(one) == 36 for one in ids)


def test_pauses_grow_and_are_spread(opened: Page) -> None:
    pauses = opened.evaluate(
        """async () => {
            const { backoff } = await import("/static/js/lib/backoff.js");
            return [backoff(0, 0), backoff(0, 1), backoff(3, 1), backoff(30, 1)];
        }"""
    )
    assert pauses == [250, 500, 4_000, 30_000]


def test_a_renewed_article_keeps_what_is_equal(opened: Page) -> None:
    result = opened.evaluate(
        """async () => {
            const { renew } = await import("/static/js/lib/articles.js");
            const { parse } = await import("/static/js/lib/dom.js");
            const article = (status, blocks, foot) => parse(
                `<article data-status="${status}"><header>who</header><div class="turn__body">` +
                `<details data-reasoning open></details>` +
                `<div data-blocks>${blocks}</div>${foot}</div></article>`,
            ).firstElementChild;
            const old = article("running", "<div>one</div><div>two</div><div>gone</div>", "");
            const [one, two] = old.querySelector("[data-blocks]").children;
            renew(old, article("completed", "<div>one</div><div>2</div>", "<footer>foot</footer>"));
            const now = old.querySelector("[data-blocks]").children;
            return [now.length, now[0] === one, now[1] === two, old.dataset.status,
                    old.querySelector("footer").textContent, old.querySelectorAll("header").length,
                    old.querySelector("details").open];
        }"""
    )
    assert result == [2, True, False, "completed", "foot", 1, True]


def test_hides_the_sidebar_and_remembers(opened: Page) -> None:
    opened.keyboard.press("Control+b")
    expect(opened.locator("#sidebar")).to_be_hidden()
    opened.reload()
    expect(opened.locator("#sidebar")).to_be_hidden()
    opened.get_by_role("button", name="Show sidebar").click()
    expect(opened.locator("#sidebar")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_axe_and_no_sideways_scroll(
    opened: Page, live_site: LiveSite, scheme: Any, width: int
) -> None:
    opened.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    opened.set_viewport_size({"width": width, "height": 800})
    for path in (opened.url, f"{live_site.url}/"):
        opened.goto(path)
        assert opened.evaluate("document.documentElement.scrollWidth") == width
        assert violations(opened) == []

"""Ends of answers on the page: cut off and continued, failed, retried, resumed."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, WebSocketRoute, expect

from conversations.models import Generation, TeamSettings, User
from tests.browser.accessibility import violations
from tests.browser.pages import ready, sign_in
from tests.browser.watching import ANSWER, blocks, ended, open_tab, send, until
from tests.conftest import PASSWORD
from tests.fakes import behaviours
from tests.fakes.behaviours import Behaviour, Hold
from tests.fakes.reply import Reply
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def signed_in_context(
    context: BrowserContext, live_site: LiveSite, alice: User, upstream_connection: object
) -> BrowserContext:
    sign_in(context, live_site, alice)
    connections.close_all()
    return context


def waits(gate: Hold, behaviour: Behaviour) -> Behaviour:
    """Answer only once the gate is open."""

    async def behave(reply: Reply) -> None:
        await gate.passed()
        await behaviour(reply)

    return behave


def test_continue_goes_on_in_every_tab(
    signed_in_context: BrowserContext, live_site: LiveSite, fake_upstream: FakeUpstream
) -> None:
    gate = Hold()
    fake_upstream.say("One, *two*,", finish="length")
    fake_upstream.script(waits(gate, behaviours.say(" *three*", ", four.")))
    first, watch = open_tab(signed_in_context, live_site)
    send(first)
    ended(first, "completed")
    expect(first.get_by_text("This reply reached the token limit.")).to_be_visible()
    second, _ = open_tab(signed_in_context, live_site, first.url.removeprefix(live_site.url))
    first.get_by_role("button", name="Continue").click()
    assert gate.wait_reached()
    for tab in (first, second):
        expect(tab.locator(f"{ANSWER}[aria-busy]")).to_be_visible()
        expect(tab.locator(f"{ANSWER} em")).to_have_text("two")
        expect(tab.get_by_role("button", name="Stop generating")).to_be_visible()
    gate.release()
    for tab in (first, second):
        ended(tab, "completed")
        expect(tab.locator(f"{ANSWER} .prose")).to_have_text("One, two, three, four.")
        expect(tab.locator(ANSWER)).to_have_count(1)
        expect(tab.get_by_role("button", name="Continue")).to_have_count(0)
    shown = blocks(second)
    second.reload()
    ready(second)
    assert blocks(second) == shown
    watch.assert_quiet(first)


def test_an_answer_without_a_word_offers_only_retry(
    signed_in_context: BrowserContext, live_site: LiveSite, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.script(behaviours.hang)
    fake_upstream.say("Now then.")
    page, watch = open_tab(signed_in_context, live_site)
    send(page)
    page.get_by_role("button", name="Stop generating").click()
    ended(page, "stopped")
    expect(page.get_by_text("You stopped this reply before it began.")).to_be_visible()
    expect(page.get_by_role("button", name="Continue")).to_have_count(0)
    before = page.locator(ANSWER).get_attribute("id")
    page.get_by_role("button", name="Retry").click()
    ended(page, "completed")
    expect(page.locator(f"{ANSWER} .prose")).to_have_text("Now then.")
    assert page.locator(ANSWER).get_attribute("id") != before
    watch.assert_quiet(page)


def test_a_refused_parameter_is_left_out_by_a_button(
    signed_in_context: BrowserContext, live_site: LiveSite, fake_upstream: FakeUpstream
) -> None:
    TeamSettings.objects.create(temperature=0.2)
    connections.close_all()
    fake_upstream.fail(400, "temperature is not supported with this model")
    page, _ = open_tab(signed_in_context, live_site)
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("does not accept “temperature”")
    page.get_by_role("button", name="Send without it").click()
    ended(page, "completed")
    assert ["temperature" in body for body in fake_upstream.bodies[:2]] == [True, False]


def test_a_stopped_answer_shows_what_is_kept_and_can_be_continued(
    signed_in_context: BrowserContext, live_site: LiveSite, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.script(behaviours.endless("word ", delay=0.02))
    fake_upstream.say("The end.")
    page, watch = open_tab(signed_in_context, live_site)
    send(page)
    expect(page.locator(f"{ANSWER} .prose")).to_contain_text("word word word")
    page.keyboard.press("Escape")
    ended(page, "stopped")
    expect(page.locator(".turn__end")).to_contain_text(re.compile(r"≈ \d+ tokens kept\."))
    page.get_by_role("button", name="Continue").click()
    ended(page, "completed")
    expect(page.locator(f"{ANSWER} .prose")).to_contain_text(re.compile("^word .*The end.$"))
    page.get_by_text("Details").click()
    expect(page.locator(".account .facts").last).to_contain_text("Completion tokens")
    watch.assert_quiet(page)


def test_a_retry_is_shown_until_the_first_word(
    signed_in_context: BrowserContext, live_site: LiveSite, fake_upstream: FakeUpstream
) -> None:
    page, watch = open_tab(signed_in_context, live_site)
    send(page)
    ended(page, "completed")
    refusal = Hold()
    fake_upstream.script(waits(refusal, behaviours.fail(429, headers={"retry-after": "4"})))
    gate = fake_upstream.hold("Here I am")
    send(page, "Again")
    expect(page.locator(f"{ANSWER}[aria-busy]")).to_be_visible()
    refusal.release()
    line = page.locator("[data-opening]")
    expect(line).to_contain_text(re.compile(r"Asking again in [1-4] s"))
    expect(line).to_contain_text(re.compile(r"Asking again in [1-3] s"))
    expect(page.locator(f"{ANSWER} .prose").last).to_have_text("Here I am")
    expect(line).to_be_hidden()
    gate.release()
    expect(page.locator(".account dl").last).to_contain_text(re.compile(r"Retries\s*1"))
    watch.assert_quiet(page)


def test_retry_counts_down_and_another_model_need_not_wait(
    signed_in_context: BrowserContext, live_site: LiveSite, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.fail(429, headers={"retry-after": "90"})
    page, watch = open_tab(signed_in_context, live_site)
    page.clock.install()
    send(page)
    ended(page, "failed")
    expect(page.get_by_role("alert")).to_contain_text("is over its rate limit")
    retry = page.locator("retry-button button")
    expect(retry).to_have_text(re.compile(r"Retry in [78]\d s|Retry in 90 s"))
    expect(retry).to_be_disabled()
    page.get_by_role("button", name="Use another model").click()
    page.locator("#picker .model__pick:not([aria-disabled])").nth(1).click()
    expect(retry).to_be_enabled()
    page.reload()
    ready(page)
    expect(retry).to_be_disabled()
    page.clock.fast_forward("01:40")
    expect(retry).to_be_enabled()
    expect(retry).to_have_text("Retry")
    retry.click()
    ended(page, "completed")
    watch.assert_quiet(page)


JUNK: dict[str, Behaviour] = {
    "a page": behaviours.page(),
    "an error with 200": behaviours.fail(200, "Something <b>odd</b>"),
    "a bare string": behaviours.fail(200, b'"nope"'),
    "no choices": behaviours.fail(200, b'{"choices": []}'),
    "nothing": behaviours.body(content_type="text/event-stream"),
    "a redirect": behaviours.redirect("https://evil.example/"),
    "a reset before a word": behaviours.reset(),
    "only [DONE]": behaviours.body(b"data: [DONE]\n\n"),
    "a white answer": behaviours.say(" ", "\n"),
    "an unexplained 400": behaviours.fail(400, "Unknown field: <img src=//evil.example/x>"),
    "cut in the middle": behaviours.reset("Half of "),
    "no end": behaviours.say("Half of it", finish=None),
    "not JSON": behaviours.body(b"data: {oops\n\n", b"data: [1, 2\n\n"),
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
def test_junk_never_shows_an_empty_answer(
    signed_in_context: BrowserContext,
    live_site: LiveSite,
    fake_upstream: FakeUpstream,
    junk: Behaviour,
) -> None:
    fake_upstream.default = junk
    page, watch = open_tab(signed_in_context, live_site)
    send(page)
    expect(page.locator(f"{ANSWER}:not([aria-busy])")).to_be_visible()
    said = page.locator(f"{ANSWER} :is(.notice__title, .turn__end-text, .prose > .block)")
    assert "".join(said.all_inner_texts()).strip()
    if page.locator(ANSWER).get_attribute("data-status") == "failed":
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_text("Technical details").click()
        assert "sk-test" not in page.content()
    watch.assert_quiet(page)


def slowly(capture: str, gate: Hold) -> Behaviour:
    """Send a recorded answer in forty pieces, of which the last eight wait for the gate."""
    facts = json.loads((behaviours.CAPTURES / "index.json").read_text())[capture]
    content = (behaviours.CAPTURES / f"{capture}.sse").read_bytes()
    size = max(1, len(content) // 40)

    async def behave(reply: Reply) -> None:
        await reply.start(content_type=facts["content_type"])
        pieces = [content[at : at + size] for at in range(0, len(content), size)]
        await reply.pieces(pieces[:-8], delay=0.06)
        await gate.passed()
        await reply.pieces(pieces[-8:], delay=0.06)
        await reply.end()

    return behave


@pytest.mark.parametrize(
    "capture", ["llamacpp-markdown", "llamacpp-bytes", "litellm-text-usage", "llmock-text"]
)
def test_lost_frames_are_repaired(
    signed_in_context: BrowserContext,
    live_site: LiveSite,
    fake_upstream: FakeUpstream,
    capture: str,
) -> None:
    """Check that a tab that loses patches shows what another tab and a new page show."""
    gate = Hold()
    fake_upstream.script(slowly(capture, gate))
    lost: list[str] = []

    def lossy(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def forward(frame: str | bytes) -> None:
            if json.loads(frame)["t"] == "patch" and json.loads(frame)["s"] in {2, 3}:
                lost.append(str(frame))
            else:
                socket.send(frame)

        server.on_message(forward)

    first, _ = open_tab(signed_in_context, live_site)
    first.route_web_socket(re.compile("/ws/"), lossy)
    first.reload()
    ready(first)
    send(first)
    second, _ = open_tab(signed_in_context, live_site, first.url.removeprefix(live_site.url))
    until(lambda: gate.is_reached, first)
    until(lambda: blocks(first) == blocks(second), first)
    gate.release()
    for tab in (first, second):
        expect(tab.locator(f"{ANSWER}:not([aria-busy])")).to_be_visible()
    shown = blocks(first)
    assert shown == blocks(second)
    first.reload()
    ready(first)
    assert blocks(first) == shown
    assert "".join(shown)


def test_the_network_goes_and_comes_back(
    signed_in_context: BrowserContext, live_site: LiveSite, fake_upstream: FakeUpstream
) -> None:
    gate = Hold()
    fake_upstream.script(behaviours.say(*["word "] * 60, "end.", delay=0.05, hold=gate))
    page, _ = open_tab(signed_in_context, live_site)
    send(page)
    expect(page.locator(f"{ANSWER} .prose")).to_contain_text("word word")
    signed_in_context.set_offline(True)
    expect(page.get_by_text("You are offline").first).to_be_visible()
    until(lambda: gate.is_reached, page)
    gate.release()
    until(lambda: Generation.objects.get().status == "completed", page)
    signed_in_context.set_offline(False)
    ended(page, "completed")
    shown = blocks(page)
    assert "".join(shown).count("word") == 60
    page.reload()
    ready(page)
    assert blocks(page) == shown


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_and_no_sideways_scroll(
    signed_in_context: BrowserContext,
    live_site: LiveSite,
    fake_upstream: FakeUpstream,
    scheme: Any,
    width: int,
) -> None:
    """Check a failed answer with all details open, after an answer that was cut off."""
    fake_upstream.say("One, two,", finish="length", usage=True)
    page, _ = open_tab(signed_in_context, live_site)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 900})
    send(page)
    ended(page, "completed")
    fake_upstream.fail(404, "model_not_found " + "x" * 300, headers={"retry-after": "3600"})
    send(page, "And now?")
    ended(page, "failed")
    for summary in page.locator("article summary:visible").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == []


@pytest.fixture
def own_site(
    tmp_path: Path, empty_database: str, fake_upstream: FakeUpstream
) -> Iterator[LiveSite]:
    """A server that the test may kill."""
    site = LiveSite(
        tmp_path,
        environment={
            "DATABASE_URL": empty_database,
            "CHATSITE_ADMIN_EMAIL": "rita@example.com",
            "CHATSITE_ADMIN_PASSWORD": PASSWORD,
            "UPSTREAM_BASE_URL": fake_upstream.url,
            "UPSTREAM_API_KEY": "sk-test-0123456789",
        },
    )
    yield site.start()
    if site.process.poll() is None:
        site.stop(signal.SIGINT)


def signed_in_page(browser: Browser, site: LiveSite) -> Page:
    page = browser.new_context(locale="en").new_page()
    page.goto(f"{site.url}/accounts/login/")
    page.get_by_label("Email").fill("rita@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/")
    ready(page)
    return page


def test_the_server_is_killed_and_comes_back(
    browser: Browser, own_site: LiveSite, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.script(behaviours.say(*["word "] * 2000, delay=0.05))
    fake_upstream.say("The end.")
    page = signed_in_page(browser, own_site)
    send(page)
    expect(page.locator(f"{ANSWER} .prose")).to_contain_text("word " * 30)
    own_site.process.kill()
    own_site.process.wait()
    expect(page.locator("connection-state [data-state=lost]")).to_be_visible()
    own_site.start()
    ended(page, "interrupted")
    expect(page.get_by_text("This reply was interrupted. What arrived is kept.")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    ended(page, "completed")
    expect(page.locator(f"{ANSWER} .prose")).to_contain_text(re.compile("^word .*The end.$"))
    expect(page.locator(ANSWER)).to_have_count(1)
    page.context.close()

"""Hostile text of models, users and upstreams: nothing runs, nothing leaves the browser."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Self

import httpx
import pytest
from django.db import connections
from playwright.sync_api import BrowserContext, Page, expect

from conversations.models import Connection, Conversation, LanguageModel, User
from tests.branches import as_parts, conversation_of, last_run
from tests.browser.pages import ready, sign_in
from tests.browser.watching import ANSWER, Watch, blocks, ended, open_tab, send
from tests.fakes import behaviours
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite
from tests.rendering.bombs import BOMBS
from tests.rendering.payloads import PAYLOADS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
RUNS = "window.__xss=1"
HOSTILE = [
    *PAYLOADS,
    f"<script>{RUNS}</script>",
    f"<img src=x onerror={RUNS}><svg onload={RUNS}><svg><script>{RUNS}</script></svg>",
    f"[x](javascript:{RUNS}) <a href='javascript:{RUNS}' id=composer class=send>Send</a>",
    "<div id=main class=dialog data-message-id=1 data-blocks data-stop-url=/x>forged</div>",
    "<article class=turn data-role=assistant data-status=running aria-busy=true>forged</article>",
    "<chat-stream data-thread-url=//evil.example></chat-stream><retry-button>x</retry-button>",
    "<a href=/ hx-get=//evil.example hx-trigger=load data-hx-get=//evil.example>x</a>",
    "\u202ereversed \u2066inside\u2069 out\u202c \u200b\u200d",
]
NAMES = [
    f"<img src=x onerror={RUNS}>",
    f'"><svg onload={RUNS}>',
    f"</title><script>{RUNS}</script>",
    "{{7*7}}{% csrf %}\u202eevil\u2066",
    "'-alert(1)-'<base href=//e.example>",
]
# Elements that must not be in what models and users wrote.
ELEMENTS = (
    "script, style, iframe, object, embed, base, meta, link, form, textarea,"
    "select, video, audio, img[src], image, article, chat-stream, dialog, [popover],"
    "svg:not(.icon), .prose retry-button"
)
GUARDED = """(forbidden) => {
    const written = ".prose, .slip, .notice, .reasoning__text, .account";
    const inside = (selector) => [...document.querySelectorAll(written)]
        .flatMap((part) => [...part.querySelectorAll(selector)]);
    const name = /^(on|style$|hx-|data-hx-|srcset$|ping$|formaction$|background$)/;
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    return {
        base: document.baseURI === location.href,
        elements: inside(forbidden).map((one) => one.outerHTML),
        attributes: inside(":not([data-act])").flatMap((one) => one.getAttributeNames())
            .filter((attribute) => name.test(attribute)),
        links: inside(".prose a[href], .slip a[href]")
            .filter((a) => !/^(https?|mailto):$/.test(a.protocol)).map((a) => a.outerHTML),
        twice: ids.filter((id, at) => ids.indexOf(id) !== at),
    };
}"""
CLEAN = {"base": True, "elements": [], "attributes": [], "links": [], "twice": []}


@pytest.fixture
def tabs(
    context: BrowserContext,
    live_site: LiveSite,
    alice: User,
    upstream_connection: Connection,
) -> BrowserContext:
    sign_in(context, live_site, alice)
    connections.close_all()
    return context


def in_pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def assert_harmless(page: Page, watch: Watch, *, but: str = "^$") -> None:
    assert page.evaluate(GUARDED, ELEMENTS) == CLEAN
    watch.assert_quiet(page, but=but)


@pytest.mark.parametrize("share", range(4))
def test_hostile_answers_as_they_come_and_afresh(
    tabs: BrowserContext, live_site: LiveSite, fake_upstream: FakeUpstream, share: int
) -> None:
    text = "\n\n".join(HOSTILE[share::4])
    fake_upstream.say(*in_pieces(text, 3), delay=0.001, reasoning=in_pieces(text, 50))
    page, watch = open_tab(tabs, live_site)
    send(page, "\n\n".join(HOSTILE[share::4])[:5_000])
    while page.locator(f"{ANSWER}[aria-busy]").count():
        assert page.evaluate(GUARDED, ELEMENTS) == CLEAN
    ended(page, "completed")
    assert_harmless(page, watch)
    shown = blocks(page)
    page.reload()
    ready(page)
    assert blocks(page) == shown
    for summary in page.locator("article summary").all():
        summary.click()
    assert_harmless(page, watch)
    page.mouse.move(600, 300)
    assert_harmless(page, watch)


def test_each_payload_by_itself(tabs: BrowserContext, live_site: LiveSite, alice: User) -> None:
    """Check each payload as a message and as an answer, and that nothing swallows what follows."""
    conversation = conversation_of(alice, pairs=len(HOSTILE))
    messages = list(conversation.messages.order_by("id"))
    for number, message in enumerate(messages):
        message.parts = as_parts(HOSTILE[number // 2])
        message.save()
    connections.close_all()
    page, watch = open_tab(tabs, live_site, f"/c/{conversation.pk}/")
    articles = page.locator("article")
    while (count := articles.count()) < len(messages):
        page.evaluate("() => document.querySelector('.thread__older')?.scrollIntoView()")
        expect(articles).not_to_have_count(count)
    expect(articles).to_have_count(len(messages))
    assert_harmless(page, watch)


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_on_every_page(
    tabs: BrowserContext,
    live_site: LiveSite,
    alice: User,
    upstream_connection: Connection,
    name: str,
) -> None:
    alice.name, alice.role = name, User.Role.ADMINISTRATOR
    alice.save()
    LanguageModel.objects.filter(name="gpt-5.4").update(display_name=name)
    Connection.objects.update(name=name[:100])
    conversation = _conversation_about(alice, name)
    connections.close_all()
    page, watch = open_tab(tabs, live_site, f"/c/{conversation.pk}/")
    expect(page.locator(".topbar__title")).to_have_text(name)
    assert_harmless(page, watch)
    for path in ("/settings/people/", "/settings/connections/", "/settings/models/", "/"):
        page.goto(f"{live_site.url}{path}")
        ready(page)
        assert page.evaluate("document.baseURI === location.href")
        watch.assert_quiet(page)
    send(page, name)
    ended(page, "completed")
    page.get_by_text("Details").click()
    assert_harmless(page, watch)


def _conversation_about(owner: User, name: str) -> Conversation:
    conversation = conversation_of(owner, title=name)
    run = last_run(conversation)
    run.status, run.error_kind, run.error_detail = (
        "failed",
        "rate_limited",
        f"{name} {PAYLOADS[30]}",
    )
    run.connection_name, run.request_id, run.answering_model = name, name, name
    run.finish_reason = name[:100]
    run.save()
    return conversation


def test_a_hostile_title_comes_by_the_socket(
    tabs: BrowserContext, live_site: LiveSite, alice: User
) -> None:
    conversation = conversation_of(alice)
    connections.close_all()
    first, watch = open_tab(tabs, live_site, f"/c/{conversation.pk}/")
    second, second_watch = open_tab(tabs, live_site)
    for name in NAMES:
        first.evaluate(
            """async ([url, title]) => {
                const { post } = await import("/static/js/lib/http.js");
                await post(url, new URLSearchParams({ title }));
            }""",
            [f"/c/{conversation.pk}/title/", name],
        )
        for page in (first, second):
            expect(page.locator(".conv__title").first).to_have_text(name)
    assert_harmless(first, watch)
    second_watch.assert_quiet(second)


@pytest.mark.parametrize("share", range(4))
def test_hostile_words_of_an_upstream(
    tabs: BrowserContext, live_site: LiveSite, fake_upstream: FakeUpstream, share: int
) -> None:
    # Every request fails, because the first 400 leads to a retry without fields that a strict
    # upstream may refuse.
    fake_upstream.default = behaviours.fail(
        400, "\n".join(HOSTILE[share::4])[:4_000], headers={"x-request-id": f"<img onerror={RUNS}>"}
    )
    page, watch = open_tab(tabs, live_site)
    send(page)
    ended(page, "failed")
    page.get_by_text("Technical details").click()
    assert_harmless(page, watch)


class Probe:
    """A thread that requests /healthz again and again; a status of 0 is no response."""

    def __init__(self, url: str) -> None:
        self.statuses: list[int] = []
        self._url = f"{url}/healthz"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        with httpx.Client(timeout=20) as client:
            while not self._over.wait(0.05):
                try:
                    self.statuses.append(client.get(self._url).status_code)
                except httpx.TransportError:
                    self.statuses.append(0)


@pytest.mark.parametrize(
    "names",
    [["latex", "raw formatting", "wide table"], ["formulas", "much code", "footnote chain"]],
    ids=["refused", "drawn"],
)
def test_a_bomb_slows_nobody_else(
    tabs: BrowserContext, live_site: LiveSite, fake_upstream: FakeUpstream, names: Sequence[str]
) -> None:
    """Check that an answer in another tab goes on and that /healthz responds.

    A parser that held the event loop would do so for minutes, so a timeout of 20 s finds it.
    """
    steady, watch = open_tab(tabs, live_site)
    fake_upstream.script(behaviours.say(*["word "] * 160, delay=0.05))
    send(steady)
    expect(steady.locator(f"{ANSWER} .prose")).to_contain_text("word")
    bombed, _ = open_tab(tabs, live_site)
    text = "\n\n".join(str(eval(BOMBS[name])) for name in names)
    fake_upstream.script(behaviours.say(*in_pieces(text, 2_000), delay=0.02))
    with Probe(live_site.url) as probe:
        send(bombed)
        ended(steady, "completed")
    assert set(probe.statuses) == {200}
    watch.assert_quiet(steady)
    bombed.close()

"""Generated images in a browser: waiting, shown, opened, saved, announced."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from conversations.models import Attachment, Connection, LanguageModel, User
from tests.browser.accessibility import violations
from tests.browser.pages import sign_in
from tests.browser.watching import ANSWER, ended, open_tab, send, until
from tests.fakes import behaviours
from tests.fakes.behaviours import Behaviour, Hold
from tests.fakes.images import show, show_picture
from tests.fakes.reply import Reply
from tests.fakes.upstream import FakeUpstream
from tests.file_reading.files import picture
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROMPT = "A dog on the grass"
LARGE = picture(size=(1600, 1200))
SHIFTS = """() => new Promise((resolve) => {
    new PerformanceObserver((list) => {
        resolve(list.getEntries().map(({ value, hadRecentInput }) => hadRecentInput ? 0 : value));
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve([]), 300);
})"""


def after(hold: Hold, behaviour: Behaviour) -> Behaviour:
    async def behave(reply: Reply) -> None:
        await hold.passed()
        await behaviour(reply)

    return behave


@pytest.fixture
def image_model(upstream_connection: Connection) -> LanguageModel:
    """The image model as the default of new conversations."""
    LanguageModel.objects.filter(is_default=True).update(is_default=False)
    model = LanguageModel.objects.get(name="gpt-image-1")
    model.is_default = True
    model.save()
    return model


@pytest.mark.usefixtures("image_model")
def test_from_waiting_to_the_full_view(
    context: BrowserContext, live_site: LiveSite, alice: User, fake_upstream: FakeUpstream
) -> None:
    gate = Hold()
    fake_upstream.script(after(gate, show_picture(LARGE, "images", "Here it is.")))
    sign_in(context, live_site, alice)
    page, watch = open_tab(context, live_site)
    send(page, PROMPT)
    waiting = page.get_by_text("Making the image. This can take two minutes.")
    expect(waiting).to_be_visible()
    expect(page.locator(".opening elapsed-time")).to_have_text(re.compile(r"^0:0[1-9]$"))
    expect(page.get_by_role("button", name="Stop generating")).to_be_visible()
    # A tab that is opened meanwhile goes on counting from the run's start.
    other, _ = open_tab(context, live_site, page.url.removeprefix(live_site.url))
    expect(other.locator(".opening elapsed-time")).to_have_text(re.compile(r"^0:\d\d$"))
    gate.release()
    for tab in (page, other):
        image = tab.locator(ANSWER).get_by_role("img", name=PROMPT)
        expect(image).to_be_visible()
        # The preview is in a box of the image's proportions.
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1280
        box = image.bounding_box()
        assert box
        assert abs(box["width"] / box["height"] - 4 / 3) < 0.02
        expect(tab.locator(ANSWER)).to_contain_text("Here it is.")
        expect(tab.get_by_text("1600 × 1200 · gpt-image-1")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Open image").click()
    view = page.get_by_role("dialog", name=PROMPT)
    full = view.get_by_role("img", name=PROMPT)
    assert full.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1600
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(view).to_have_count(0)
    expect(page.get_by_role("link", name="Open image")).to_be_focused()
    page.locator(ANSWER).get_by_role("link", name=PROMPT).click()
    page.get_by_role("button", name="Close").click()
    expect(view).to_have_count(0)
    with page.expect_download() as saving:
        page.get_by_role("link", name="Download image").click()
    assert saving.value.suggested_filename == f"{PROMPT}.png"
    assert saving.value.path().read_bytes().startswith(b"\x89PNG")
    watch.assert_quiet(page)


@pytest.mark.usefixtures("image_model")
def test_nothing_jumps_when_it_is_loaded(
    context: BrowserContext, live_site: LiveSite, alice: User, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.script(show_picture(LARGE))
    sign_in(context, live_site, alice)
    page, _ = open_tab(context, live_site)
    send(page, PROMPT)
    ended(page, "completed")
    page.reload()
    image = page.locator(ANSWER).get_by_role("img", name=PROMPT)
    image.evaluate("image => image.decode()")
    assert sum(page.evaluate(SHIFTS)) == 0


@pytest.mark.usefixtures("image_model")
def test_stop_ends_an_image_that_is_being_made(
    context: BrowserContext, live_site: LiveSite, alice: User, fake_upstream: FakeUpstream
) -> None:
    gate = Hold()
    fake_upstream.script(after(gate, show_picture(LARGE)))
    sign_in(context, live_site, alice)
    page, _ = open_tab(context, live_site)
    send(page, PROMPT)
    assert gate.wait_reached()
    page.get_by_role("button", name="Stop generating").click()
    ended(page, "stopped")
    expect(page.locator(ANSWER)).to_contain_text("You stopped this reply before it began.")
    assert not Attachment.objects.exists()


@pytest.mark.usefixtures("image_model")
def test_refusals_and_failures_are_sentences(
    context: BrowserContext, live_site: LiveSite, alice: User, fake_upstream: FakeUpstream
) -> None:
    error = {"error": {"message": "Not this.", "code": "content_policy_violation"}}
    fake_upstream.script(
        behaviours.fail(400, error),
        show({"content": "I only talk."}),
        show_picture(b"<svg onload='window.__xss = 1'>"),
    )
    sign_in(context, live_site, alice)
    page, watch = open_tab(context, live_site)
    send(page, PROMPT)
    ended(page, "failed")
    expect(page.locator(ANSWER)).to_contain_text("gpt-image-1 declined to reply")
    page.get_by_role("button", name="Retry").click()
    ended(page, "completed")
    expect(page.locator(ANSWER)).to_contain_text("replied with text and made no image")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator(ANSWER)).to_contain_text("The image is damaged and can’t be shown.")
    watch.assert_quiet(page)


def test_a_tool_s_picture_is_there_before_the_answer_ends(
    context: BrowserContext,
    live_site: LiveSite,
    alice: User,
    fake_upstream: FakeUpstream,
    upstream_connection: Connection,
) -> None:
    User.objects.filter(pk=alice.pk).update(tool_modes={"make_image": "run"})
    gate = Hold()
    fake_upstream.call(("make_image", '{"prompt": "a dog, in ink"}'))
    fake_upstream.script(show_picture(LARGE), behaviours.say("There", " you are.", hold=gate))
    sign_in(context, live_site, alice)
    page, watch = open_tab(context, live_site)
    send(page, PROMPT)
    other, _ = open_tab(context, live_site, page.url.removeprefix(live_site.url))
    assert gate.wait_reached(10)
    for tab in (page, other):
        expect(tab.locator(f"{ANSWER}[aria-busy=true]")).to_be_attached()
        expect(tab.get_by_role("img", name="a dog, in ink")).to_be_visible()
    gate.release()
    ended(page, "completed")
    expect(page.get_by_role("img", name="a dog, in ink")).to_have_count(1)
    expect(page.get_by_text("1600 × 1200 · gpt-image-1.5")).to_be_visible()
    watch.assert_quiet(page)


@pytest.mark.usefixtures("image_model")
def test_without_scripts_it_is_a_link(
    browser: Browser, live_site: LiveSite, alice: User, fake_upstream: FakeUpstream
) -> None:
    fake_upstream.script(show_picture(LARGE))
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_site, alice)
    page = context.new_page()
    page.goto(live_site.url)
    page.get_by_role("textbox", name="Message", exact=True).fill(PROMPT)
    page.get_by_role("button", name="Send message").click()
    page.wait_for_url("**/c/**")
    link = reloaded_until_there(page)
    with context.expect_page() as opening:
        link.click()
    assert re.search(r"/attachments/[^/]+/$", opening.value.url)
    context.close()


def reloaded_until_there(page: Page) -> Locator:
    """Reload the page, as it does by itself without scripts, until it shows the image."""
    link = page.locator(ANSWER).get_by_role("link", name=PROMPT)

    def is_there() -> bool:
        page.reload()
        return link.count() > 0

    until(is_there, page)
    return link

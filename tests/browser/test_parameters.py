"""Numbers for parameters: what is taken is sent, what is not is told where it was typed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from conversations.models import Connection, HttpTool, Preset, User
from tests.browser.pages import ready, sign_in
from tests.conftest import wait_for
from tests.fakes.upstream import FakeUpstream
from tests.live import LiveSite

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # pytest-base-url's own fixture; not ours to change.
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),
]

OVER = "Temperature is a number from 0 to 2, or empty."
SENTENCES = {"en": OVER, "zh-hans": "温度要是 0 到 2 之间的数字，或留空。"}
WHOLE = "Max tokens is a whole number from 1 to 2,000,000,000, or empty."


@pytest.fixture
def chat(
    context: BrowserContext, live_site: LiveSite, rita: User, upstream_connection: Connection
) -> Page:
    sign_in(context, live_site, rita)
    page = context.new_page()
    page.goto(live_site.url)
    ready(page)
    return page


def text_of(page: Page) -> Locator:
    return page.locator("#text")


def chip(page: Page) -> Locator:
    return page.locator("[popovertarget=params]")


def fill(page: Page, **values: str) -> None:
    """Type into the menu of parameters, and close it."""
    chip(page).click()
    for name, value in values.items():
        page.locator(f"#params [name={name}]").fill(value)
    page.keyboard.press("Escape")
    expect(page.locator("#params")).to_be_hidden()


def is_marked(page: Page) -> bool:
    """Whether the button shows its mark, with a size of its own."""
    box = page.locator("[popovertarget=params] .chip-error .icon").bounding_box()
    return box is not None and box["width"] > 8


def assert_led_to(page: Page, name: str, sentence: str) -> None:
    """The menu is open at the field, which says why; all of it can be seen."""
    field = page.locator(f"#params [name={name}]")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_in_viewport(ratio=1)
    line = page.locator(f"#{field.get_attribute('id')}-error")
    expect(line).to_have_text(sentence)
    expect(line).to_be_in_viewport(ratio=1)
    expect(page.locator("#composer-note")).to_have_text(sentence)
    assert is_marked(page)


@pytest.mark.parametrize(
    ("temperature", "top_p", "sent"),
    [("0.35", "0.92", (0.35, 0.92)), ("0,35", ".5", (0.35, 0.5)), ("２", "1", (2, 1))],
)
def test_an_ordinary_value_is_sent(
    chat: Page, fake_upstream: FakeUpstream, temperature: str, top_p: str, sent: Any
) -> None:
    fill(chat, temperature=temperature, top_p=top_p, max_tokens="1001")
    assert not is_marked(chat)
    text_of(chat).fill("Hi")
    chat.keyboard.press("Enter")
    chat.wait_for_url("**/c/**")
    body = wait_for(lambda: fake_upstream.bodies)[0]
    assert (body["temperature"], body["top_p"], body["max_tokens"]) == (*sent, 1001)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("code", SENTENCES)
def test_a_value_out_of_range_is_told_where_it_was_typed(
    chat: Page, fake_upstream: FakeUpstream, rita: User, width: int, code: str
) -> None:
    User.objects.filter(pk=rita.pk).update(language=code)
    chat.set_viewport_size({"width": width, "height": 844})
    chat.reload()
    ready(chat)
    fill(chat, temperature="3", top_p="0.92")
    # It was told when the field was left, and the button goes on telling it.
    assert is_marked(chat)
    text_of(chat).fill("Half a thought")
    chat.locator("[data-send]").click()
    assert_led_to(chat, "temperature", SENTENCES[code])
    assert Axe().run(chat).violations_count == 0
    expect(text_of(chat)).to_have_value("Half a thought")
    chat.keyboard.press("Control+a")
    chat.keyboard.type("1.25")
    expect(chat.locator("#params [aria-invalid]")).to_have_count(0)
    expect(chat.locator("#composer-note")).to_be_empty()
    chat.keyboard.press("Escape")
    assert not is_marked(chat)
    assert fake_upstream.bodies == []
    text_of(chat).focus()
    chat.keyboard.press("Enter")
    chat.wait_for_url("**/c/**")
    body = wait_for(lambda: fake_upstream.bodies)[0]
    assert (body["temperature"], body["top_p"]) == (1.25, 0.92)


def test_what_only_the_server_refuses_leads_there_too(
    chat: Page, fake_upstream: FakeUpstream
) -> None:
    fill(chat, max_tokens="1e3")
    assert not is_marked(chat)
    text_of(chat).fill("Hi")
    chat.keyboard.press("Enter")
    assert_led_to(chat, "max_tokens", WHOLE)
    expect(text_of(chat)).to_have_value("Hi")
    assert fake_upstream.bodies == []
    chat.get_by_role("button", name="Clear max tokens").click()
    assert not is_marked(chat)
    text_of(chat).focus()
    chat.keyboard.press("Enter")
    chat.wait_for_url("**/c/**")
    assert "max_tokens" not in wait_for(lambda: fake_upstream.bodies)[0]


def test_what_is_no_number_stays_as_it_was_typed(chat: Page) -> None:
    fill(chat, temperature="warm")
    assert is_marked(chat)
    text_of(chat).fill("Hi")
    chat.keyboard.press("Enter")
    assert_led_to(chat, "temperature", OVER)
    expect(chat.locator("#params [name=temperature]")).to_have_value("warm")


def test_without_scripts_the_value_comes_back_to_be_corrected(
    chat: Page, browser: Browser, live_site: LiveSite, fake_upstream: FakeUpstream
) -> None:
    state = chat.context.storage_state()
    with browser.new_context(java_script_enabled=False, storage_state=state) as plain:
        page = plain.new_page()
        page.goto(live_site.url)
        text_of(page).fill("Half a thought")
        fill(page, temperature="3", top_p="0.92")
        page.locator("[data-send]").click()
        field = page.get_by_label("Temperature", exact=True)
        expect(field).to_have_value("3")
        expect(page.locator(".field__error")).to_have_text(OVER)
        expect(page.get_by_label("Message")).to_have_value("Half a thought")
        field.fill("0.35")
        page.get_by_role("button", name="Send message").click()
        page.wait_for_url("**/c/**")
    body = wait_for(lambda: fake_upstream.bodies)[0]
    assert (body["temperature"], body["top_p"]) == (0.35, 0.92)


@pytest.mark.parametrize("code", SENTENCES)
@pytest.mark.parametrize("prefix", ["", "team-"])
def test_defaults_open_at_the_value_that_they_refuse(
    chat: Page, live_site: LiveSite, rita: User, prefix: str, code: str
) -> None:
    User.objects.filter(pk=rita.pk).update(language=code)
    chat.goto(f"{live_site.url}/settings/defaults/")
    form = chat.locator("form", has=chat.locator(f"[name={prefix}temperature]"))
    form.locator(f"[name={prefix}temperature]").fill("warm")
    form.locator(f"[name={prefix}top_p]").fill("0.92")
    form.locator(".savebar .btn--primary").click()
    field = chat.locator(f"[name={prefix}temperature]")
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport(ratio=1)
    expect(field).to_have_value("warm")
    line = chat.locator(".field__error")
    expect(line).to_have_text(SENTENCES[code])
    expect(line).to_be_in_viewport(ratio=1)
    field.fill("0.35")
    form.locator(".savebar .btn--primary").click()
    expect(field).to_have_value("0.35")
    expect(chat.locator(f"[name={prefix}top_p]")).to_have_value("0.92")
    expect(line).to_have_count(0)


def test_presets_take_two_decimals_and_say_what_they_refuse(
    chat: Page, live_site: LiveSite
) -> None:
    chat.goto(f"{live_site.url}/settings/presets/new/")
    chat.get_by_label("Name").fill("Precise")
    chat.get_by_label("Temperature").fill("3")
    chat.get_by_label("Top p").fill("0.92")
    chat.get_by_role("button", name="Save").click()
    expect(chat.get_by_label("Temperature")).to_be_focused()
    expect(chat.locator(".field__error")).to_have_text(OVER)
    chat.get_by_label("Temperature").fill("0.35")
    chat.get_by_role("button", name="Save").click()
    chat.wait_for_url("**/settings/presets/")
    preset = Preset.objects.get()
    assert (preset.temperature, preset.top_p) == (0.35, 0.92)


def test_a_number_for_a_tool_is_checked_by_its_schema(
    chat: Page, live_site: LiveSite, rita: User
) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    tool = HttpTool.objects.create(
        owner=rita,
        name="count",
        description="Counts",
        schema=json.dumps(schema),
        method="GET",
        url_template="http://127.0.0.1:9/{n}",
    )
    chat.goto(f"{live_site.url}/settings/tools/{tool.pk}/")
    ready(chat)
    chat.get_by_label("n *", exact=True).fill("3.5")
    chat.get_by_role("button", name="Try it").click()
    expect(chat.locator("#trial")).to_contain_text("Nothing was sent.")
    expect(chat.locator("#trial")).to_contain_text("Enter a whole number.")
    # The field of a trial must not keep the tool from being saved.
    chat.get_by_role("button", name="Save").click()
    chat.wait_for_url("**/settings/tools/")

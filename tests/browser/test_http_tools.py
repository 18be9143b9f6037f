"""HTTP tools in a browser: written, tried, saved, and called in a conversation."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from conversations.models import Connection, HttpTool, User
from tests.browser.accessibility import violations
from tests.browser.pages import ready, send, sign_in
from tests.fakes.upstream import FakeUpstream
from tests.fakes.website import FakeSite, serve
from tests.http_tools import SECRET
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# The tool of the documented API.
DESCRIPTION = "获取指定城市的当前天气"
PARAMETERS = {
    "type": "object",
    "properties": {"location": {"type": "string", "description": "城市名称,如:北京"}},
    "required": ["location"],
}


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with FakeSite() as fake:
        fake.pages["/weather"] = serve('{"sky": "clear"}', "application/json")
        yield fake


@pytest.fixture
def page(
    context: BrowserContext, live_site: LiveSite, alice: User, upstream_connection: Connection
) -> Page:
    sign_in(context, live_site, alice)
    return context.new_page()


def write(page: Page, live_site: LiveSite, url: str) -> None:
    """Fill in the form of a new tool."""
    page.goto(f"{live_site.url}/settings/tools/new/")
    page.get_by_label("Name", exact=True).first.fill("get_weather")
    page.get_by_label("Description").fill(DESCRIPTION)
    page.get_by_label("Method").select_option("POST")
    page.get_by_label("Address").fill(url)
    header = page.get_by_role("group", name="Header 1")
    header.get_by_label("Name").fill("Authorization")
    header.get_by_label("Value").fill(SECRET)
    page.get_by_label("JSON Schema").fill(json.dumps(PARAMETERS, ensure_ascii=False))


def require(page: Page, choice: str) -> None:
    page.get_by_role("button", name="Tools").click()
    page.get_by_text("Advanced").click()
    page.get_by_label("Tool choice").select_option(label=choice)
    page.keyboard.press("Escape")


def test_it_is_made_tried_and_called_with_edited_arguments(
    page: Page, live_site: LiveSite, fake_upstream: FakeUpstream, site: FakeSite
) -> None:
    write(page, live_site, f"{site.url}/weather")
    ready(page)
    schema = page.get_by_label("JSON Schema")
    schema.press("End")
    schema.press_sequentially(",")
    expect(page.locator("#schema-check")).to_contain_text("This isn’t valid JSON.")
    schema.press("Backspace")
    expect(page.locator("#schema-check")).to_have_text("1 parameter")
    page.get_by_label("location").fill("北京")
    page.get_by_role("button", name="Try it").click()
    trial = page.locator("#trial")
    expect(trial).to_contain_text("HTTP/1.1 200 OK")
    expect(trial).to_contain_text("Authorization: ••••zyxw")
    expect(trial).to_contain_text('{"location": "北京"}')
    # The fields keep their values, because the tool was tried and not saved.
    expect(page.get_by_role("group", name="Header 1").get_by_label("Value")).to_have_value(SECRET)
    assert not HttpTool.objects.exists()
    assert violations(page) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("list").last).to_contain_text("Always asks")
    page.get_by_role("link", name="Edit · get_weather").click()
    value = page.get_by_role("group", name="Header 1").get_by_label("Value")
    expect(value).to_have_attribute("placeholder", "Stored: ••••zyxw")
    expect(value).to_have_value("")

    fake_upstream.call(("get_weather", '{"location": "北京"}'))
    fake_upstream.say("Clear.")
    page.goto(live_site.url)
    ready(page)
    require(page, "get_weather")
    send(page, "今天北京的天气怎么样?")
    waiting = page.locator(".step--waiting")
    expect(waiting).to_contain_text("Allow “get_weather”?")
    expect(waiting.locator(".ask__what")).to_contain_text("POST")
    expect(waiting.locator(".ask__what")).to_contain_text(f"to {site.url.removeprefix('http://')}")
    expect(waiting.locator(".ask__what")).to_contain_text("/weather")
    page.reload()
    ready(page)
    page.get_by_label("location").fill("上海")
    page.get_by_role("button", name="Allow").click()
    expect(page.locator("[data-blocks]")).to_contain_text("Clear.")
    assert [request.json for request in site.requests] == [
        {"location": "北京"},
        {"location": "上海"},
    ]
    assert site.requests[1].headers["authorization"] == SECRET
    named = {"type": "function", "function": {"name": "get_weather"}}
    assert fake_upstream.bodies[0]["tool_choice"] == named
    assert '{"sky": "clear"}' in fake_upstream.bodies[1]["messages"][2]["content"]


def test_example_3_tools_as_the_document_has_it(
    page: Page, live_site: LiveSite, fake_upstream: FakeUpstream, site: FakeSite
) -> None:
    Connection.objects.update(is_plain=True)
    page.goto(f"{live_site.url}/settings/defaults/")
    for field in page.locator("select[name^=mode_]").all():
        field.select_option(label="Off")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    write(page, live_site, f"{site.url}/weather")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Edit · get_weather")).to_be_visible()
    page.goto(live_site.url)
    ready(page)
    page.keyboard.press("Control+.")
    page.get_by_role("searchbox", name="Find a model").fill("gpt-4o")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Model: gpt-4o", exact=True)).to_be_visible()
    require(page, "The model decides")
    send(page, "今天北京的天气怎么样?")
    fake_upstream.wait_for_requests(1)
    assert fake_upstream.bodies[0] == {
        "model": "gpt-4o",
        "messages": [{"role": "user", "content": "今天北京的天气怎么样?"}],
        "tools": [
            {
                "type": "function",
                "function": {
                    "name": "get_weather",
                    "description": DESCRIPTION,
                    "parameters": PARAMETERS,
                },
            }
        ],
        "tool_choice": "auto",
    }


def test_it_is_made_and_tried_without_scripts(
    browser: Browser, live_site: LiveSite, alice: User, site: FakeSite
) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, live_site, alice)
    page = context.new_page()
    write(page, live_site, f"{site.url}/weather")
    page.get_by_label("city").fill("Ulm")
    page.get_by_role("button", name="Try it").click()
    # The form has the fields of the new schema.
    expect(page.locator("#trial")).to_contain_text("“location” is missing.")
    page.get_by_label("location").fill("北京")
    page.get_by_role("group", name="Header 1").get_by_label("Value").fill(SECRET)
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("#trial")).to_contain_text("HTTP/1.1 200 OK")
    page.get_by_role("group", name="Header 1").get_by_label("Value").fill(SECRET)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Edit · get_weather")).to_be_visible()
    page.get_by_role("button", name="Turn off · get_weather").click()
    expect(page.get_by_role("button", name="Turn on · get_weather")).to_be_visible()
    assert not HttpTool.objects.get().is_enabled
    context.close()

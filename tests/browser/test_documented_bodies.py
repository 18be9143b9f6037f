"""The examples of the documented API, made in the browser: what the upstream receives."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from conversations.models import Connection, TeamSettings, User
from tests.browser.pages import ready, send, sign_in
from tests.fakes.images import show_picture
from tests.fakes.upstream import FakeUpstream
from tests.file_reading.files import picture
from tests.live import LiveSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STREAMED = {"stream": True, "stream_options": {"include_usage": True}}


@pytest.fixture
def new_chat(page: Page, live_site: LiveSite, alice: User, upstream_connection: Connection) -> Page:
    """A new chat of a team that has turned tools off, which the examples do not offer."""
    TeamSettings.objects.create(tools=False)
    sign_in(page.context, live_site, alice)
    page.goto(live_site.url)
    ready(page)
    return page


def choose(page: Page, model: str) -> None:
    page.keyboard.press("Control+.")
    page.get_by_role("searchbox", name="Find a model").fill(model)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=f"Model: {model}", exact=True)).to_be_visible()


def set_parameters(page: Page, **values: str) -> None:
    page.get_by_role("button", name="Parameters").click()
    for label, value in values.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)
    page.keyboard.press("Escape")


def wait_for_answers(page: Page, count: int) -> None:
    ended = page.locator("article[data-role=assistant]:not([aria-busy])")
    expect(ended).to_have_count(count)


def body(fake_upstream: FakeUpstream, number: int = 0) -> dict[str, Any]:
    fake_upstream.wait_for_requests(number + 1)
    return fake_upstream.bodies[number]


def test_example_1_plain(new_chat: Page, fake_upstream: FakeUpstream) -> None:
    Connection.objects.update(is_plain=True)
    fake_upstream.say("I'm doing well, thank you!")
    choose(new_chat, "gpt-5.4")
    set_parameters(
        new_chat,
        System_prompt="You are a helpful assistant.",
        Max_tokens="1024",
        Temperature="0.7",
    )
    send(new_chat, "Hello, how are you?")
    assert body(fake_upstream) == {
        "model": "gpt-5.4",
        "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "Hello, how are you?"},
        ],
        "max_tokens": 1024,
        "temperature": 0.7,
    }
    wait_for_answers(new_chat, 1)
    expect(new_chat.locator("article").last).to_contain_text("I'm doing well, thank you!")


def test_example_2_streamed(new_chat: Page, fake_upstream: FakeUpstream) -> None:
    choose(new_chat, "gpt-4o")
    send(new_chat, "用一句话介绍自己")
    assert body(fake_upstream) == {
        "model": "gpt-4o",
        "messages": [{"role": "user", "content": "用一句话介绍自己"}],
        **STREAMED,
    }


def test_example_4_several_turns(new_chat: Page, fake_upstream: FakeUpstream) -> None:
    fake_upstream.say("机器学习是人工智能的一个分支...")
    choose(new_chat, "gpt-4o")
    set_parameters(new_chat, System_prompt="你是一个专业的助手。")
    send(new_chat, "什么是机器学习?")
    new_chat.wait_for_url(re.compile("/c/"))
    wait_for_answers(new_chat, 1)
    ready(new_chat)
    send(new_chat, "能举个例子吗?")
    assert body(fake_upstream, 1) == {
        "model": "gpt-4o",
        "messages": [
            {"role": "system", "content": "你是一个专业的助手。"},
            {"role": "user", "content": "什么是机器学习?"},
            {"role": "assistant", "content": "机器学习是人工智能的一个分支..."},
            {"role": "user", "content": "能举个例子吗?"},
        ],
        **STREAMED,
    }


def test_the_headers_are_the_document_s(
    new_chat: Page, fake_upstream: FakeUpstream, upstream_connection: Connection
) -> None:
    send(new_chat, "Hello")
    (request,) = fake_upstream.wait_for_requests(1)
    assert request.path == "/v1/chat/completions"
    assert request.headers["x-api-key"] == upstream_connection.key
    assert "authorization" not in request.headers
    assert request.headers["content-type"] == "application/json"


def test_example_5_image(new_chat: Page, fake_upstream: FakeUpstream) -> None:
    fake_upstream.script(show_picture(picture(size=(60, 40)), "markdown"))
    choose(new_chat, "gpt-image-1")
    # The parameter is not sent, because an image request has only the two documented fields.
    set_parameters(new_chat, Max_tokens="1024", Temperature="0.7")
    send(new_chat, "画一只在草地上奔跑的金毛犬")
    assert body(fake_upstream) == {
        "model": "gpt-image-1",
        "messages": [{"role": "user", "content": "画一只在草地上奔跑的金毛犬"}],
    }
    image = new_chat.get_by_role("img", name="画一只在草地上奔跑的金毛犬")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") == 60

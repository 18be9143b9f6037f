"""The conversations in the screenshots, held through the page with a fake upstream.

The functions that hold a conversation return its path.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

from django.urls import reverse
from playwright.sync_api import Page, expect

from bench.scratch import ROOT, Scratch
from bench.screens import (
    ANSWER_ZH,
    OTHERS,
    PICTURE,
    QUESTION,
    QUESTION_ZH,
    REASONING,
    TICKET,
    TICKET_ARGUMENTS,
)
from conversations.actions import http_tools, prices, sharing
from conversations.actions.conversations import rename
from conversations.demo.sample_image import draw
from conversations.models import Conversation, LanguageModel
from tests.fakes.images import show_picture

ANSWER = (ROOT / "bench/patches/answer.md").read_text(encoding="utf-8")
MODEL = "gpt-5.4"
ENDED = "article[data-role=assistant]:not([aria-busy])"


def words(text: str) -> list[str]:
    """Split text into the deltas of a model, one word each."""
    return re.findall(r"\s*\S+|\s+$", text)


def ready(page: Page) -> None:
    expect(page.locator("html[data-scripts=ready]")).to_be_attached()


def send(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/c/"))


def ask(page: Page, text: str, *, ended: int) -> None:
    send(page, text)
    expect(page.locator(ENDED)).to_have_count(ended, timeout=20_000)


def begin(page: Page, site: str, title: str) -> Callable[[], str]:
    """Open a new conversation, and return a function that renames it and returns its path."""
    page.goto(site)
    ready(page)

    def finish() -> str:
        path = page.url.removeprefix(site)
        rename(Conversation.objects.get(pk=path.split("/")[2]), title)
        return path

    return finish


def converse(made: Scratch, page: Page) -> dict[str, str]:
    """Hold all conversations, and return their paths by the names of the screenshots."""
    set_prices(made)
    for title in OTHERS:
        finish = begin(page, made.site.url, title)
        ask(page, title, ended=1)
        finish()
    return {
        "09-conversation-zh": in_chinese(made, page),
        "07-states-stopped-error": ends(made, page),
        "08-states-edit-image": pictures(made, page),
        "06-states-tools-approval": tools(made, page),
        "01-conversation": plan(made, page),
    }


def set_prices(made: Scratch) -> None:
    """Enter a price, so that the usage page shows costs."""
    today, model = datetime.datetime.now(datetime.UTC).date(), LanguageModel.objects.get(name=MODEL)
    prices.add(
        model, currency="USD", effective_on=today, actor=made.person, input_rate=5, output_rate=30
    )


def in_chinese(made: Scratch, page: Page) -> str:
    finish = begin(page, made.site.url, "双十二客服排班")
    pieces = re.findall(r".{1,6}", ANSWER_ZH, re.DOTALL)
    made.upstream.say(*pieces, reasoning=[REASONING["zh"]])
    ask(page, QUESTION_ZH, ended=1)
    return finish()


def ends(made: Scratch, page: Page) -> str:
    """Hold a conversation with an answer cut off by its limit, a failed and a stopped one."""
    finish = begin(page, made.site.url, "Twelve ways to end")
    made.upstream.say(*words(ANSWER[:900]), finish="length")
    ask(page, "Give me the whole plan in detail.", ended=1)
    made.upstream.fail(429, headers={"retry-after": "600"})
    ask(page, "And for next week?", ended=2)
    gate = made.upstream.hold(*words(ANSWER[:500]))
    send(page, "Once more, shorter.")
    expect(page.locator("article[aria-busy] .block")).not_to_have_count(0)
    page.get_by_role("button", name="Stop generating").click()
    expect(page.locator("[data-status=stopped]")).to_be_attached()
    gate.release()
    return finish()


def pictures(made: Scratch, page: Page) -> str:
    finish = begin(page, made.site.url, "A picture for the winter menu")
    made.upstream.script(show_picture(draw(PICTURE)))
    choose_model(page, "gpt-image-1")
    ask(page, PICTURE, ended=1)
    path = finish()
    page.goto(made.site.url)
    ready(page)
    choose_model(page, MODEL)
    return path


def choose_model(page: Page, name: str) -> None:
    page.locator("[popovertarget=picker]").first.click()
    page.get_by_role("searchbox", name="Find a model").fill(name)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-chosen-model]")).to_have_value(name)


def tools(made: Scratch, page: Page) -> str:
    """Hold a conversation with a completed tool call and one that waits for approval."""
    http_tools.create(owner=None, fields=TICKET, actor=made.person)
    finish = begin(page, made.site.url, "A ticket for the chat system")
    sum_up = ("calculator", '{"expression": "412 * 384 / 1800"}')
    made.upstream.call(sum_up, ("create_ticket", TICKET_ARGUMENTS), text="Let me work that out.")
    send(page, "Work out the load and open a ticket for six more seats.")
    expect(page.locator(".step [name=decision]").first).to_be_attached()
    return finish()


def plan(made: Scratch, page: Page) -> str:
    finish = begin(page, made.site.url, "Staffing the desk for Double 12")
    made.upstream.say(*words(ANSWER), reasoning=[REASONING["en"]])
    ask(page, QUESTION, ended=1)
    return finish()


def stream(made: Scratch, page: Page) -> tuple[str, Callable[[], None]]:
    """Start an answer that does not end; return its path and a function that ends it."""
    finish = begin(page, made.site.url, "A plan while it is written")
    gate = made.upstream.hold(*words(ANSWER[: ANSWER.index("```python") + 400]))
    send(page, QUESTION)
    gate.wait_reached()
    return finish(), gate.release


def share(made: Scratch, path: str) -> str:
    """Share the conversation at ``path`` and return the path of the link."""
    conversation = Conversation.objects.get(pk=path.split("/")[2])
    assert conversation.leaf
    link = sharing.share(
        conversation, until=conversation.leaf, user=made.person, terms=sharing.Terms()
    )
    return reverse("shared", args=[link.token])

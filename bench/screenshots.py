"""Pictures of each key page × language × theme × width, in screenshots/ (`make screenshots`).

Named after the target screens; what they show was sent through the page to a fake upstream. Hold
them beside the targets with the checklist of DESIGN § 11.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from bench.scratch import ROOT, Scratch, chromium, scratch
from bench.screens import ANSWER_ZH, FROM_THE_TOP, OPENERS, OTHERS, QUESTION, QUESTION_ZH, REASONING
from conversations.actions.conversations import rename
from conversations.models import Conversation

FOLDER = ROOT / "screenshots"
ANSWER = (ROOT / "bench/patches/answer.md").read_text(encoding="utf-8")
WIDTHS = {1440: 900, 390: 844}
THEMES = ("light", "dark")
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}
ENDED = "article[data-role=assistant]:not([aria-busy])"


def words(text: str) -> list[str]:
    """As a model sends it, a word at a time."""
    return re.findall(r"\s*\S+|\s+$", text)


def ready(page: Page) -> None:
    expect(page.locator("html[data-scripts=ready]")).to_be_attached()


def ask(page: Page, text: str, *, ended: int) -> None:
    page.locator("#text").fill(text)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/c/"))
    expect(page.locator(ENDED)).to_have_count(ended, timeout=20_000)


def begin(page: Page, site: str, title: str) -> Callable[[], str]:
    """Open a new chat; afterwards its conversation is called ``title``, and this tells its path."""
    page.goto(site)
    ready(page)

    def finish() -> str:
        path = page.url.removeprefix(site)
        rename(Conversation.objects.get(pk=path.split("/")[2]), title)
        return path

    return finish


def converse(made: Scratch, page: Page) -> dict[str, str]:
    """Say everything that the pictures show, and return where it stands."""
    fake, paths = made.upstream, dict[str, str]()
    for title in OTHERS:
        finish = begin(page, made.site.url, title)
        ask(page, title, ended=1)
        finish()
    finish = begin(page, made.site.url, "双十二客服排班")
    fake.say(*re.findall(r".{1,6}", ANSWER_ZH, re.DOTALL), reasoning=[REASONING["zh"]])
    ask(page, QUESTION_ZH, ended=1)
    paths["09-conversation-zh"] = finish()

    finish = begin(page, made.site.url, "Twelve ways to end")
    fake.say(*words(ANSWER[:900]), finish="length")
    ask(page, "Give me the whole plan in detail.", ended=1)
    fake.fail(429, headers={"retry-after": "600"})
    ask(page, "And for next week?", ended=2)
    gate = fake.hold(*words(ANSWER[:500]))
    page.locator("#text").fill("Once more, shorter.")
    page.keyboard.press("Enter")
    expect(page.locator("article[aria-busy] .block")).not_to_have_count(0)
    page.get_by_role("button", name="Stop generating").click()
    expect(page.locator("[data-status=stopped]")).to_be_attached()
    gate.release()
    paths["07-states-stopped-error"] = finish()

    finish = begin(page, made.site.url, "Staffing the desk for Double 12")
    fake.say(*words(ANSWER), reasoning=[REASONING["en"]])
    ask(page, QUESTION, ended=1)
    paths["01-conversation"] = finish()
    return paths


def stream(made: Scratch, page: Page) -> tuple[str, Callable[[], None]]:
    """Leave an answer on its way; returns where, and what ends it."""
    finish = begin(page, made.site.url, "A plan while it is written")
    gate = made.upstream.hold(*words(ANSWER[: ANSWER.index("```python") + 400]))
    page.locator("#text").fill(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/c/"))
    gate.wait_reached()
    return finish(), gate.release


def shoot(context: BrowserContext, made: Scratch, paths: dict[str, str], mark: str) -> None:
    """Take all pictures of one theme, width and language."""
    page = context.new_page()
    width = page.viewport_size["width"] if page.viewport_size else 0
    for name, path in paths.items():
        if "drawer" in name and width > 896:
            continue
        page.goto(made.site.url + path, wait_until="networkidle")
        if opener := OPENERS.get(name):
            page.locator(opener).first.click()
        if name in FROM_THE_TOP:
            page.locator("#scroll").evaluate("scroller => { scroller.scrollTop = 0; }")
        page.mouse.move(0, 0)
        page.wait_for_timeout(250)
        page.screenshot(path=FOLDER / f"{name}-{mark}.png")
    page.close()


def matrix(browser: Browser, made: Scratch, paths: dict[str, str]) -> None:
    """Each language × theme × width, signed in, then the sign-in page as a stranger."""
    for language, locale in LANGUAGES.items():
        for theme in THEMES:
            for width, height in WIDTHS.items():
                context = browser.new_context(
                    locale=locale,
                    color_scheme=theme,  # type: ignore[arg-type]
                    viewport={"width": width, "height": height},
                    has_touch=width < 896,
                    reduced_motion="reduce",
                )
                mark = f"{language}-{theme}-{width}"
                shoot(context, made, {"24-signin": "/accounts/login/"}, mark)
                context.add_cookies([made.cookie])  # type: ignore[list-item]
                shoot(context, made, paths, mark)
                context.close()
                print(mark, flush=True)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    wanted = sys.argv[1:]
    with scratch() as made, chromium() as browser:
        context = browser.new_context(locale="en-GB")
        context.add_cookies([made.cookie])  # type: ignore[list-item]
        page = context.new_page()
        paths = converse(made, page)
        paths["04-streaming"], end = stream(made, page)
        first = paths["01-conversation"]
        paths |= {
            "11-drawer": first,
            "12-new-chat": "/",
            "14-model-picker": first,
            "16-composer-params": first,
            "18-settings-connections": "/settings/connections/",
            "settings-models": "/settings/models/",
            "settings-profile": "/settings/profile/",
            "settings-appearance": "/settings/appearance/",
            "settings-security": "/settings/security/",
            "settings-people": "/settings/people/",
            "offline": "/offline/",
            "not-found": "/nowhere/",
        }
        chosen = {name: path for name, path in paths.items() if not wanted or name in wanted}
        page.goto("about:blank")
        matrix(browser, made, chosen)
        end()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {Path(FOLDER).relative_to(ROOT)}/")


if __name__ == "__main__":
    main()

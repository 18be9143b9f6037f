"""Take screenshots of each page × language × theme × width, into screenshots/.

`make screenshots` runs it for all pages; `python -m bench.screenshots NAME …` for some.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from bench.scenes import converse, share, stream
from bench.scratch import ROOT, Scratch, chromium, scratch
from bench.screens import FROM_THE_TOP, KEYS, OPENERS

FOLDER = ROOT / "screenshots"
WIDTHS = {1440: 900, 390: 844}
THEMES = ("light", "dark")
REVIEW = "/admin/conversations/conversation/"
SETTINGS = ("models", "profile", "appearance", "security", "people", "tools", "sharing", "data")
LANGUAGES = {"en": "en-GB", "zh": "zh-CN"}


def shoot(context: BrowserContext, made: Scratch, paths: dict[str, str], mark: str) -> None:
    """Take the screenshots of one theme, width and language."""
    page = context.new_page()
    width = page.viewport_size["width"] if page.viewport_size else 0
    for name, path in paths.items():
        if "drawer" in name and width > 896:
            continue
        page.goto(made.site.url + path, wait_until="networkidle")
        if opener := OPENERS.get(name):
            page.locator(opener).first.click()
        if keys := KEYS.get(name):
            page.keyboard.press(keys)
        if name in FROM_THE_TOP:
            page.locator("#scroll").evaluate("scroller => { scroller.scrollTop = 0; }")
        page.mouse.move(0, 0)
        page.wait_for_timeout(250)
        page.screenshot(path=FOLDER / f"{name}-{mark}.png")
    page.close()


def matrix(browser: Browser, made: Scratch, paths: dict[str, str]) -> None:
    """Take the screenshots in every language, theme and width, and those of the sign-in page."""
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
            "17-palette": first,
            "18-settings-connections": "/settings/connections/",
            "19-settings-defaults": "/settings/defaults/",
            "20-review-list": REVIEW,
            "21-review-transcript": REVIEW + f"{first.split('/')[2]}/change/",
            "22-usage": "/settings/usage/",
            "23-share": share(made, first),
            "search": "/search/?q=plan",
            "conversations": "/conversations/",
            **{f"settings-{page}": f"/settings/{page}/" for page in SETTINGS},
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

"""Measure the browser's work while an answer streams: 400 deltas in 8 s, with code and tables.

Run it from the repository: `.venv/bin/python -m bench.streaming`. It goes the whole way: fake
upstream, real server, socket, patches, headless Chromium. It prints each figure with its goal,
and checks that a selection survives and that a reader who has scrolled up is not moved.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from playwright.sync_api import CDPSession, Page, expect

from bench.scratch import ROOT, Scratch, chromium, scratch

ANSWER = (ROOT / "bench/patches/answer.md").read_text(encoding="utf-8")
DELTAS, SECONDS, BYTES = 400, 8.0, 8 * 1024
GOALS = {"renderer CPU, s": 1.5, "layout shift": 0.02, "longest task, ms": 50.0}
COST = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")

OBSERVE = """() => {
    window.seen = { shift: 0, longest: 0 };
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.seen.shift += entry.value;
    }).observe({ type: "layout-shift" });
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
            window.seen.longest = Math.max(window.seen.longest, entry.duration);
    }).observe({ type: "longtask" });
}"""
SELECT = """() => {
    const block = document.querySelector("article:last-of-type [data-block]");
    const text = document.createTreeWalker(block, NodeFilter.SHOW_TEXT).nextNode();
    getSelection().setBaseAndExtent(text, 0, text, 12);
    return String(getSelection());
}"""


def deltas() -> list[str]:
    """Return an answer of 8 KB in 400 pieces."""
    text = (ANSWER * (BYTES // len(ANSWER.encode()) + 1))[:BYTES]
    return re.findall(rf".{{1,{len(text) // DELTAS + 1}}}", text, re.DOTALL)


def metrics(session: CDPSession) -> dict[str, float]:
    listed = session.send("Performance.getMetrics")["metrics"]
    return {item["name"]: item["value"] for item in listed if item["name"] in COST}


def begin(made: Scratch, page: Page) -> None:
    pieces = deltas()
    made.upstream.say(*pieces, delay=SECONDS / len(pieces))
    page.locator("#text").fill("Go on")
    page.keyboard.press("Enter")
    expect(page.locator("article[aria-busy] .block").first).to_be_attached(timeout=10_000)


def end(page: Page) -> None:
    expect(page.locator("article[aria-busy]")).to_have_count(0, timeout=60_000)


def watch(made: Scratch, page: Page) -> Mapping[str, float]:
    """Measure an answer while the page shows the end of the thread."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate(OBSERVE)
    before, begun = metrics(session), time.perf_counter()
    begin(made, page)
    end(page)
    took = time.perf_counter() - begun
    spent = {name: value - before[name] for name, value in metrics(session).items()}
    seen: dict[str, Any] = page.evaluate("window.seen")
    return {
        "renderer CPU, s": spent["TaskDuration"],
        "  of it script": spent["ScriptDuration"],
        "  of it layout": spent["LayoutDuration"],
        "  of it style": spent["RecalcStyleDuration"],
        "layout shift": seen["shift"],
        "longest task, ms": seen["longest"],
        "took, s": took,
    }


def disturb(made: Scratch, page: Page) -> dict[str, bool]:
    """Select text in a closed block and scroll up, and return whether both are left alone."""
    begin(made, page)
    page.wait_for_timeout(2_500)
    selected = page.evaluate(SELECT)
    page.wait_for_timeout(1_500)
    kept = page.evaluate("String(getSelection())") == selected
    page.evaluate("getSelection().removeAllRanges()")
    page.mouse.move(600, 400)
    page.mouse.wheel(0, -600)
    page.wait_for_timeout(300)
    top = page.evaluate("document.querySelector('chat-scroll').scrollTop")
    page.wait_for_timeout(1_500)
    stays = page.evaluate("document.querySelector('chat-scroll').scrollTop") == top
    pill = page.locator("#jump")
    is_offered = pill.is_visible()
    pill.click()
    page.wait_for_timeout(500)
    at_end = page.evaluate("document.querySelector('chat-scroll').manager.distance <= 1")
    end(page)
    return {
        "selection in a closed block survives": kept,
        "who scrolled up stays there": stays,
        "the way back is offered, and leads to the end": is_offered and at_end,
    }


def main() -> None:
    with scratch() as made, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_cookies([made.cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(made.site.url)
        expect(page.locator("html[data-scripts=ready]")).to_be_attached()
        page.locator("#text").fill("Hello")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/c/"))
        end(page)
        for name, value in watch(made, page).items():
            goal = f"  (goal: at most {GOALS[name]})" if name in GOALS else ""
            print(f"{name:20}: {value:8.3f}{goal}")
        for name, is_so in disturb(made, page).items():
            print(f"{name}: {'yes' if is_so else 'NO'}")


if __name__ == "__main__":
    main()

"""Checks of a page by axe, and of its controls by their size."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Waits for the frames in which styles change and for the transitions that they start, because axe
# measures contrast as it is at that moment. Endless animations are left out.
SETTLED = """async () => {
    const frame = () => new Promise(requestAnimationFrame);
    await frame().then(frame).then(frame);
    const isEnding = (one) => one.timeline instanceof DocumentTimeline
        && one.playState === "running" && one.effect.getTiming().iterations !== Infinity;
    const ending = document.getAnimations().filter(isEnding);
    await Promise.all(ending.map((one) => one.finished.catch(() => {})));
}"""
HAS_SCHEME = "(scheme) => matchMedia(`(prefers-color-scheme: ${scheme})`).matches"


def settle(page: Page) -> None:
    """Wait until the transitions of the page have ended."""
    page.evaluate(SETTLED)


def violations(page: Page, context: str | None = None) -> list[tuple[str, str, Any]]:
    """Run axe over the settled page, or over the element ``context``; return what it finds."""
    settle(page)
    found = Axe().run(page, context=context).response["violations"]
    return [(page.url, one["id"], [node["target"] for node in one["nodes"]]) for one in found]


def in_both_themes(page: Page) -> list[tuple[str, str, Any]]:
    """Return what axe finds in the light and in the dark theme."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_function(HAS_SCHEME, arg=scheme)
        found += violations(page)
    return found


# Lists the controls without 44 px of their own each way, but for links inside a sentence, which
# WCAG 2.5.8 excepts.
# `reach` is the distance by which a finger may miss the middle and still press the control.
TOO_SMALL = """() => {
    const inputs = "input:not([type=hidden], :disabled), select, textarea";
    const controls = `a[href], button, summary, ${inputs}`;
    const isInline = (e) =>
        e.matches("p a, li a, sup a, td a") && getComputedStyle(e).display === "inline";
    const isHit = (e, x, y) => {
        const top = document.elementFromPoint(x, y);
        return top && (e.contains(top) || e.closest("label")?.contains(top));
    };
    const reach = (e, dx, dy) => {
        const { left, right, top, bottom } = e.getBoundingClientRect();
        const [x, y] = [(left + right) / 2, (top + bottom) / 2];
        let n = 0;
        while (n < 44 && isHit(e, x + dx * n, y + dy * n)) n += 1;
        return n;
    };
    const isLarge = (e) => {
        const boxes = [e, e.closest("label") ?? e].map((one) => one.getBoundingClientRect());
        const [width, height] = ["width", "height"].map(
            (side) => Math.max(...boxes.map((box) => box[side])));
        if (width >= 43.5 && height >= 43.5) return true;
        e.scrollIntoView({ block: "center" });
        return reach(e, 1, 0) + reach(e, -1, 0) >= 44 && reach(e, 0, 1) + reach(e, 0, -1) >= 44;
    };
    const open = document.querySelector("dialog[open], :popover-open") ?? document.body;
    return [...open.querySelectorAll(controls)]
        .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest("[inert]"))
        .filter((e) => !e.matches(".skip-link:not(:focus), [tabindex='-1']"))
        .filter((e) => !isInline(e) && !isLarge(e))
        .map((e) => [e.tagName, e.className, (e.ariaLabel ?? e.textContent).trim().slice(0, 30)]);
}"""

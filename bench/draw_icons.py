"""Render the PNG icons in `static/img/` from the two SVGs there, in Chromium.

Run it from the repository after changing one: `.venv/bin/python bench/draw_icons.py`.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "static/img"
# A launcher may crop a maskable icon to a circle, so it fills the square and has wide margins.
ICONS = {
    "icon-192.png": ("favicon.svg", 192),
    "icon-512.png": ("favicon.svg", 512),
    "icon-maskable-512.png": ("icon.svg", 512),
}


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (source, size) in ICONS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            svg = (IMAGES / source).read_text(encoding="utf-8")
            page.set_content(f"<style>* {{ margin: 0; display: block }}</style>{svg}")
            page.screenshot(path=IMAGES / name, omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()

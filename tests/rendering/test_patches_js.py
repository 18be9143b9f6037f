"""patches.js in a browser: the page after any ops is the page of the whole message."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from conversations.rendering.patches import Op
from conversations.rendering.stream import StreamRenderer, render, wrap_blocks
from tests.rendering.payloads import FRAGMENTS

ROOT = Path(__file__).resolve().parents[2]
RICH = (Path(__file__).parent / "golden" / "rich.md").read_text()
PLAY = """async ([source, frames, html]) => {
  const patches = await import(URL.createObjectURL(new Blob([source], {type: "text/javascript"})));
  const live = document.createElement("div"), blocks = [];
  document.body.replaceChildren(live);
  const fresh = document.createElement("div");
  const wrong = [];
  for (const [index, [ops, expected]] of frames.entries()) {
    patches.applyOps(live, blocks, ops);
    patches.setBlocks(fresh, [], expected);
    live.normalize();
    if (live.innerHTML !== fresh.innerHTML || blocks.join() !== expected.join()) wrong.push(index);
  }
  const page = new DOMParser().parseFromString(html, "text/html").body;
  return { wrong, same: page.innerHTML === live.innerHTML };
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def frames_of(text: str, rng: random.Random) -> list[tuple[list[Op], tuple[str, ...]]]:
    renderer, frames, end = StreamRenderer("m"), [], 0
    while end < len(text):
        end += rng.randint(1, 30)
        frames.append((renderer.update(text[:end]), renderer.blocks))
    frames.append((renderer.finish(text), renderer.blocks))
    return frames


def play(page: Page, text: str, rng: random.Random) -> dict[str, Any]:
    source = (ROOT / "static/js/lib/patches.js").read_text()
    result: dict[str, Any] = page.evaluate(PLAY, [source, frames_of(text, rng), render(text, "m")])
    return result


@pytest.mark.parametrize("seed", range(8))
def test_a_rich_answer(page: Page, seed: int) -> None:
    assert play(page, RICH, random.Random(seed)) == {"wrong": [], "same": True}


@pytest.mark.parametrize("seed", range(40))
def test_hostile_pieces(page: Page, seed: int) -> None:
    rng = random.Random(seed)
    text = "".join(rng.choices([*FRAGMENTS, "\n\n", "word "], k=25))
    assert play(page, text, rng)["wrong"] == []


def test_selections_live_on_in_closed_blocks_and_open_code(page: Page) -> None:
    source = (ROOT / "static/js/lib/patches.js").read_text()
    renderer = StreamRenderer("m")
    first = renderer.update("closed words\n\n```py\nlong_name = 1\n")
    second = renderer.update("closed words\n\n```py\nlong_name = 1\nmore = 2\n")
    kept = page.evaluate(
        """async ([source, first, second]) => {
          const url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
          const { applyOps } = await import(url);
          const out = document.createElement("div"), blocks = [], kept = [];
          document.body.replaceChildren(out);
          applyOps(out, blocks, first);
          for (const path of ["p", "code"]) {
            const text = out.querySelector(path).firstChild;
            getSelection().setBaseAndExtent(text, 0, text, 6);
            applyOps(out, blocks, path === "p" ? [[1, "t", "x"]] : second);
            kept.push(String(getSelection()));
          }
          return kept;
        }""",
        [source, first, second],
    )
    assert kept == ["closed", "long_n"]


def test_the_page_and_the_script_make_the_same_blocks(page: Page) -> None:
    blocks = ("<p>a</p>", "<p>b</p>")
    source = (ROOT / "static/js/lib/patches.js").read_text()
    html = page.evaluate(
        """async ([source, blocks]) => {
          const url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
          const out = document.createElement("div");
          (await import(url)).setBlocks(out, [], blocks);
          return out.innerHTML;
        }""",
        [source, blocks],
    )
    assert html == wrap_blocks(blocks).replace("data-block ", 'data-block="" ')

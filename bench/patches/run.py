"""Replay an answer in Chromium and print the cost of its patches, against innerHTML.

Run it from the repository: `.venv/bin/python bench/patches/run.py [frames per second, else 12]`.
"""

from __future__ import annotations

import functools
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from conversations.rendering.patches import Op  # noqa: E402 (the path is set above)
from conversations.rendering.stream import StreamRenderer  # noqa: E402
from tests.rendering.ops import apply_ops  # noqa: E402

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions"]
SECONDS = 8
METRICS = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def recorded(hertz: float) -> tuple[list[list[Op]], dict[str, list[Any]]]:
    """Return the answer's frames, and by frame the kind and index of a block to select text in."""
    text = (Path(__file__).parent / "answer.md").read_text()
    count = int(hertz * SECONDS)
    renderer, frames, kinds = StreamRenderer("bench"), list[list[Op]](), dict[str, list[Any]]()
    for number in range(1, count):
        frames.append(renderer.update(text[: len(text) * number // count]))
        last = len(renderer.blocks) - 1
        if number % 8 == 0 and last > 0:
            is_code = renderer.blocks[last].startswith("<figure")
            is_probe_open = number % 16 == 0
            kind = ("open code" if is_code else "open prose") if is_probe_open else "closed"
            kinds[str(number)] = [kind, last if is_probe_open else last - 1]
    return [*frames, renderer.finish(text)], kinds


def as_whole_blocks(frames: list[list[Op]]) -> list[list[Op]]:
    """Return the same frames as a simple client applies them: innerHTML of each changed block."""
    blocks, whole = list[str](), list[list[Op]]()
    for ops in frames:
        apply_ops(blocks, ops)
        whole.append([op if op[1] == -1 else [op[0], 0, blocks[int(op[0])]] for op in ops])
    return whole


def measure(browser: Browser, url: str, mode: str, hertz: float) -> dict[str, Any]:
    """Replay in a fresh page; return its own counts and the renderer's seconds."""
    frames, kinds = recorded(hertz)
    if mode == "html":
        frames = as_whole_blocks(frames)
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(url)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def metrics() -> dict[str, float]:
        listed = session.send("Performance.getMetrics")["metrics"]
        return {item["name"]: item["value"] for item in listed if item["name"] in METRICS}

    before = metrics()
    arguments = [frames, 1000 / hertz, kinds]
    result: dict[str, Any] = page.evaluate("(given) => replay(...given)", arguments)
    result.update({name: value - before[name] for name, value in metrics().items()})
    page.close()
    return result


def main() -> None:
    hertz = float(sys.argv[1]) if len(sys.argv) > 1 else 12
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/bench/patches/page.html"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=ARGS, headless=True
        )
        results = {mode: measure(browser, url, mode, hertz) for mode in ("html", "ops")}
        browser.close()
    server.shutdown()
    assert results["html"].pop("html") == results["ops"].pop("html")
    for kind, kept in sorted(results["ops"].pop("kept").items()):
        other = results["html"]["kept"][kind]
        print(f"selections kept, {kind:11}: innerHTML {sum(other)}/{len(other)}, ", end="")
        print(f"ops {sum(kept)}/{len(kept)}")
    for name, value in results["ops"].items():
        other = results["html"][name]
        ratio = f", {other / value:.2f} x" if value else ""
        print(f"{name:20}: innerHTML {other:.3f}, ops {value:.3f}{ratio}")


if __name__ == "__main__":
    main()

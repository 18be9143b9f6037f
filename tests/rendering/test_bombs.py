"""Small messages that stalled or killed a process, each rendered in one with little to spend."""

from __future__ import annotations

import subprocess
import sys
from html import unescape

import pytest

from conversations.rendering.stream import StreamRenderer, render, render_blocks
from tests.rendering.bombs import BOMBS

RUN = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (768 << 20, 768 << 20))
from conversations.rendering.highlight import figure
from conversations.rendering.math import convert
from conversations.rendering.stream import StreamRenderer, render
render("$a$ `b`", 1)
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
text = eval(sys.argv[1])
html = render(text, 1)
renderer = StreamRenderer(1)
renderer.update(text[:-2])
renderer.update(text)
renderer.finish(text)
print(len(text), len(html))
"""


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_costs_seconds_at_most(bomb: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, bomb, "5"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    length, shown = map(int, done.stdout.split())
    assert shown < 24 * length + 100_000


@pytest.mark.parametrize("bomb", ["> " * 60 + "x", "a\n" + "- " * 60 + "x", "<b>" * 80 + "x"])
def test_what_is_refused_is_shown_as_written(bomb: str) -> None:
    assert f'<pre class="plain">{bomb}</pre>' in unescape(render(bomb, 1))


UNCLOSED = [
    '<pre data-sourcepos="1:1-1:5">\n',
    '<details>\n\n    ```\n<section class="footnotes" data-sourcepos="1:1-3:4">[^1]: x<h1>\thttp://a',
]


@pytest.mark.parametrize("text", UNCLOSED)
def test_forged_markup_that_is_never_closed_is_rendered_nevertheless(text: str) -> None:
    renderer = StreamRenderer("x")
    for end in range(1, len(text) + 1):
        renderer.update(text[:end])
    renderer.finish(text)
    assert renderer.blocks == render_blocks(text, "x")

"""Small messages that stalled or killed a process, each in one of its own with little to spend."""

from __future__ import annotations

import subprocess
import sys
from html import unescape

import pytest

from conversations.rendering.stream import StreamRenderer, render, render_blocks

RUN = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (768 << 20, 768 << 20))
from conversations.rendering.highlight import figure
from conversations.rendering.math import convert
from conversations.rendering.stream import StreamRenderer, render
from conversations.rendering.text import to_plain_text
render("$a$ `b`", 1)
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
text = eval(sys.argv[1])
html = render(text, 1)
renderer = StreamRenderer(1)
renderer.update(text[:-2])
renderer.update(text)
renderer.finish(text)
to_plain_text(text, 80)
print(len(text), len(html))
"""

# Each of these took seconds to minutes, gigabytes or the process before its guard (limits.py).
BOMBS = {
    "latex": '"\\\\(" * 50_000',
    "latex brackets": '"\\\\[" * 50_000',
    "quotes": '">" * 100_000',
    "quotes with spaces": '"> " * 50_000',
    "lists on one line": '"- " * 100_000',
    "numbers on one line": '"1. " * 80_000',
    "quotes and lists": '("> - " * 24 + "a\\n") * 2_000',
    "list staircase": '"".join("  " * i + "- a\\n" for i in range(490))',
    "raw nesting": '"<sub>" * 50_000',
    "raw formatting": '"<b>" * 80_000',
    "formatting in each paragraph": '"<p>" + "<b><i><u><s><em>" * 3 + "</p><p>x" * 28_000',
    "attributes against the ark": '"".join(f"<b x={i}>" for i in range(15)) + "</p><p>" * 30_000',
    "foster parents": '"<table>" + "<b>x" * 60_000',
    "raw lists": '"<ul><li>" * 30_000',
    "mail links on one line": '"a@b.c " * 40_000',
    "wide table": '"|" + "a|" * 60_000 + "\\n|" + "-|" * 60_000 + "\\n"',
    "filled table": '"|" + "a|" * 100 + "\\n|" + "-|" * 100 + "\\n" + "a\\n" * 100_000',
    "filled wide table": '"|" + "a|" * 8_000 + "\\n|" + "-|" * 8_000 + "\\n" + "a\\n" * 90_000',
    "spaces": '" " * 249_000 + "a"',
    "details": '"<details>\\n\\na\\n\\n" + "para\\n\\n" * 40_000',
    "footnote chain": '"[^1]\\n\\n" + "".join(f"[^{i}]: n [^{i+1}]\\n" for i in range(1, 9_000))',
    "big reference": '"[a]: " + "u" * 100_000 + "\\n\\n" + "[a] " * 30_000',
    "emphasis": '"*a **b " * 30_000',
    "backticks": '"".join("`" * i + " " for i in range(700))',
    "links": '"[" * 100_000 + "](x)" * 30_000',
    "chinese links": '"https://x.cn/" + "，https://x.cn" * 15_000',
    "links in a row": '"http://a<" * 27_000',
    "www": '"www." * 60_000 + "，"',
    "too large": '"# a\\n" * 70_000',
    "formulas": '"".join(f"$x_{{{i}}}$ " for i in range(20_000))',
    "deep formula": '"$" + "{" * 2_000 + "}" * 2_000 + "$"',
    "deep fraction": '"$$" + "\\\\frac{1}{" * 400 + "}" * 400 + "$$"',
    "roots": '"$$" + "\\\\sqrt" * 800 + " x$$"',
    "left": '"$$" + "\\\\left(" * 600 + "$$"',
    "superscripts": '"$$" + "x^" * 1_500 + "x$$"',
    "macro": '"$\\\\newcommand{\\\\a}{\\\\b{\\\\b{\\\\b}}}" + "\\\\a" * 500 + "$"',
    "deep macro": '"$\\\\def\\\\a#1{{{{{{{{{{#1}}}}}}}}}}" + "\\\\a{" * 400 + "}" * 400 + "$"',
    "open brackets": '"$$" + "(" * 4_000 + "$$"',
    "open intervals": '"$$" + "[0, 1 " * 600 + "$$"',
    "open angles": '"$$" + "\\\\langle " * 400 + "$$"',
    "open big brackets": '"$$" + "\\\\bigl(" * 400 + "$$"',
    "brackets closed in another group": '"$$" + "(" * 200 + "{" + ")" * 200 + "}$$"',
    "brackets closed in a root": '"$$" + "(" * 200 + "\\\\sqrt)" * 200 + "$$"',
    "a few open brackets, often": '"".join("$" + "\\\\sin(" * 8 + f"{i}$ " for i in range(4_500))',
    "code of brackets": '"```cpp\\n" + "(((((((((\\n" * 5_900 + "```"',
    "code of blank lines": '"```matlab\\n" + "\\n" * 20_000 + "```"',
    "code of digits": '"```ocaml\\n" + "1" * 20_000 + "\\n```"',
    "much code": '("```python\\n" + "x = (1, 2)\\n" * 100 + "```\\n\\n") * 200',
}


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
def test_forged_markup_that_is_never_closed_is_drawn_all_the_same(text: str) -> None:
    renderer = StreamRenderer("x")
    for end in range(1, len(text) + 1):
        renderer.update(text[:end])
    renderer.finish(text)
    assert renderer.blocks == render_blocks(text, "x")

"""Formulas that are converted, that show their source, and that are refused as harmful."""

from __future__ import annotations

import pytest

from conversations.rendering import math
from conversations.rendering.stream import render_blocks

FORMULAS = [
    r"\begin{aligned}a&=b\\c&=d\end{aligned}",
    r"\begin{align}a&=b\label{x}\\c&=d\end{align}\eqref{x}",
    r"\begin{array}{|c|c|}\hline 1&2\\ \hline 3&4\\ \hline\end{array}",
    r"\begin{array}{c:c}1&2\\ \hdashline 3&4\end{array}",
    r"\begin{cases}1&x\\2&y\end{cases}",
    r"\begin{bmatrix}1&2\\3&4\end{bmatrix}",
    r"\begin{gather}a\\b\end{gather}",
    r"\begin{multline}a\\b\end{multline}",
    r"\textcolor{red}{x}\color{blue}y",
    r"\textsc{Abc}\cancel{x}\boxed{y}\vec{AB}\phantom{z}",
    r"\substack{a\\b}\hspace{1em}\rule{1em}{1em}\overbrace{x}^{y}\xrightarrow[a]{b}",
    r"\Huge x \tiny y \mathsf{z}\pmod{3}\operatorname{foo}\not=\dddot{x}",
]


@pytest.mark.parametrize("tex", FORMULAS)
def test_no_style_id_or_link_leaves(tex: str) -> None:
    html = math.convert(tex, display=True)
    assert not any(name in html for name in (" style=", " id=", " href=", "<a ", "<script"))


@pytest.mark.parametrize("tex", FORMULAS[:3] + FORMULAS[4:6])
def test_common_formulas_convert(tex: str) -> None:
    assert math.convert(tex, display=True).startswith('<math display="block">')


def test_style_becomes_class() -> None:
    html = math.convert(r"\begin{aligned}a&=b\end{aligned}", display=True)
    assert '<mtd class="m-right m-flush-r"><mi>a</mi></mtd>' in html
    assert 'class="m-red"' in math.convert(r"\textcolor{red}{x}", display=False)


def test_the_latex_stays_for_copying() -> None:
    assert '<annotation encoding="application/x-tex">a&lt;b</annotation>' in math.convert(
        "a<b", display=False
    )


def test_a_vector_has_an_arrow_that_browsers_place_right() -> None:
    assert '<mo stretchy="false">→</mo></mover>' in math.convert(r"\vec{x}", display=False)


def test_tag_is_shown_beside_and_copied_as_written() -> None:
    html = math.convert(r"x\tag{1}", display=True)
    assert '<mo stretchy="false">(</mo><mtext>1</mtext><mo stretchy="false">)</mo>' in html
    assert r"x\tag{1}</annotation>" in html


@pytest.mark.parametrize(
    "tex",
    [
        r"\undefined{x}",
        "{" * 200 + "}" * 200,
        "x" * 4097,
        r"\newcommand{\a}{x}\a",
        r"\renewcommand\a{x}",
        r"\def\a{x}\a",
        r"\gdef\a{x}",
        r"\edef\a{x}",
        r"\xdef\a{x}",
        r"\let\a\b",
        r"\DeclareMathOperator{\a}{a}",
        r"\providecommand{\a}{x}",
        r"\newenvironment{a}{b}{c}",
    ],
)
def test_what_is_refused_shows_its_source(tex: str) -> None:
    assert math.convert(tex, display=False) == f'<code class="math-src">{tex}</code>'


@pytest.mark.parametrize(
    "tex",
    [
        "+".join(["f(x)"] * 40),
        r"[0,1)\cup " * 10 + "x",
        "(" * 30 + "x" + ")" * 30,
        r"\left(\alpha\right)" * 30,
        r"\langle x, \phi \rangle" * 20,
        r"\begin{aligned}" + r"f(x_i)&=\{g(\theta)\}\\" * 20 + r"\end{aligned}",
    ],
)
def test_many_closed_brackets_convert(tex: str) -> None:
    assert math.convert(tex, display=True).startswith("<math")


def test_text_is_escaped() -> None:
    html = math.convert(r"\text{<img src=x onerror=alert(1)>}", display=False)
    assert "<img" not in html


@pytest.mark.parametrize(
    ("markdown", "part"),
    [
        ("so $x^2$ is", "<math>"),
        (r"so \(x^2\) is", "<math>"),
        ("$$\nx^2\n$$", '<span class="math-block" tabindex="0"><math display="block">'),
        ("\\[\nx^2\n\\]", '<span class="math-block" tabindex="0"><math display="block">'),
        ("```math\nx^2\n```", '<span class="math-block" tabindex="0"><math display="block">'),
        ("`$x^2$`", "<code>$x^2$</code>"),
        ("$\\nope$", '<code class="math-src">\\nope</code>'),
    ],
)
def test_delimiters(markdown: str, part: str) -> None:
    assert part in "".join(render_blocks(markdown, "m"))

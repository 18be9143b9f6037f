"""The demo's answers: languages, topics, and a quotation that cannot act as Markdown."""

from __future__ import annotations

from pathlib import Path

import comrak
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.demo import content
from conversations.demo.content import section
from conversations.demo.faults import Fault
from conversations.demo.quoting import EXCERPT_CHARACTERS, code_span, excerpt
from conversations.demo.request import DemoRequest, Turn
from conversations.demo.script import answer
from conversations.demo.tokens import deltas, is_chinese
from conversations.generation.request.context import CONTINUE
from tests.demo.talk import text_of

CONTENT = Path(content.__file__).parent
MARKDOWN = comrak.ExtensionOptions()
for option in ("table", "autolink", "footnotes", "math_dollars", "math_latex", "strikethrough"):
    setattr(MARKDOWN, option, True)
RENDER = comrak.RenderOptions()
RENDER.unsafe_ = True


def html(markdown: str) -> str:
    rendered: str = comrak.render_markdown(
        markdown, extension_options=MARKDOWN, render_options=RENDER
    )
    return rendered


def asked(*asked: str | Turn, model: str = "gpt-4o") -> str:
    turns = tuple(one if isinstance(one, Turn) else Turn("user", one) for one in asked)
    request = DemoRequest(
        model=model,
        turns=turns,
        stream=False,
        include_usage=False,
        max_tokens=None,
        tools=frozenset(),
        may_call=True,
    )
    return answer(request).text


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("用一句话介绍自己", True),
        ("帮我写一段 Python 代码", True),
        ("Hello", False),
        ("What does 你好 mean in English?", False),
        ("", False),
        ("429 !", False),
        ("𠮷野家", True),
    ],
)
def test_the_language_is_that_of_the_question(text: str, *, chinese: bool) -> None:
    assert is_chinese(text) is chinese


async def test_only_the_last_question_decides_the_language(client: httpx.AsyncClient) -> None:
    messages = [
        {"role": "user", "content": "你好"},
        {"role": "assistant", "content": "你好！"},
        {"role": "user", "content": "And in English, please?"},
    ]
    assert "built into Chatsite" in await text_of(client, "", messages=messages)
    assert "Chatsite 内置的演示" in await text_of(client, "", messages=messages[:1])


@pytest.mark.parametrize(
    ("question", "mark"),
    [
        ("Write some code", '<code class="language-python">'),
        ("写一段代码", '<code class="language-python">'),
        ("Show me a table", '<th align="right">Diameter (km)</th>'),
        ("来个表格", '<th align="right">直径（公里）</th>'),
        ("a formula", 'data-math-style="display"'),
        ("一个公式", 'data-math-style="display"'),
        ("help", "<code>error 429</code>"),
        ("帮助", "<code>错误 429</code>"),
        ("the weather in Oslo?", "The demo cannot know it"),
        ("anything else", '<section class="footnotes"'),
        ("别的", '<section class="footnotes"'),
    ],
)
def test_a_topic_brings_its_markdown(question: str, mark: str) -> None:
    assert mark in html(asked(question))


@pytest.mark.parametrize(
    ("question", "long"),
    [("a long answer", True), ("how long is it?", False), ("长一点", True), ("校长是谁", False)],
)
def test_long_answers_come_when_asked_for(question: str, *, long: bool) -> None:
    assert (len(asked(question)) > 3800) is long


def test_the_long_answer_has_about_2000_words() -> None:
    assert 1900 < len(section("en", "long").split()) < 2400


def test_several_topics_come_together() -> None:
    text = asked("a table and some code")
    assert section("en", "table") in text
    assert section("en", "code") in text
    assert section("en", "tour") not in text


@pytest.mark.parametrize("question", ["hello", "你好", "long", "长", "code", "天气", "what?"])
def test_every_answer_says_what_it_is_and_how_to_connect(question: str) -> None:
    text = asked(question)
    assert "not a language model" in text or "不是语言模型" in text
    assert "Settings → Connections & keys" in text or "设置 → 连接与密钥" in text
    assert asked(question) == text


def test_the_help_lists_every_fault() -> None:
    for language in ("en", "zh"):
        for word in [*Fault, "400", "401", "403", "404", "429", "500", "502", "503"]:
            assert f" {word}`" in section(language, "help")


def test_both_languages_have_the_same_texts() -> None:
    names = [path.stem for path in CONTENT.glob("en/*.md")]
    assert "introduction" in names
    for name in names:
        assert section("zh", name)


HOSTILE = [
    "**bold** _it_ ~~no~~ `code` ``` fence",
    "` `` ``` ````",
    "``` python",
    "<script>alert(1)</script><img src=x onerror=y>",
    "# heading\n\n- list\n\n> quote\n\n```\nfence\n\n| a |\n|---|",
    "[link](https://example.org) ![image](https://example.org/x.png) www.example.org a@b.example",
    "$x$ $$y$$ \\(z\\) \\[w\\] \\",
    "</code></blockquote>\r\n\r\n</div>",
    "{model} {0} {",
    "&lt; &#96;&#96; &grave;",
    "\u202eright to left\u2028new line\u0000",
    "[^1]: footnote\n[ref]: https://example.org",
]


def assert_quoted(question: str) -> None:
    rendered = html(f"before\n\n> {code_span(excerpt(question))}\n\nafter")
    head, tail = (
        "<p>before</p>\n<blockquote>\n<p><code>",
        "</code></p>\n</blockquote>\n<p>after</p>\n",
    )
    assert rendered.startswith(head)
    assert rendered.endswith(tail)
    inner = rendered[len(head) : -len(tail)]
    assert "<" not in inner
    assert ">" not in inner


@pytest.mark.parametrize("question", HOSTILE)
async def test_a_hostile_question_stays_inside_its_quote(
    client: httpx.AsyncClient, question: str
) -> None:
    assert_quoted(question)
    rendered = html(await text_of(client, question))
    assert rendered.count("<blockquote>") == 1
    for element in ("<script", "<img", '<a href="http', "<del>", "onerror=y>"):
        assert element not in rendered


@given(st.text(alphabet=st.one_of(st.sampled_from("`*_<>[]()$\\!|~#-\n &;"), st.characters())))
def test_no_text_leaves_its_quote(question: str) -> None:
    if excerpt(question):
        assert_quoted(question)


def test_a_question_without_visible_text_is_named_so() -> None:
    assert "> *(a message without text)*" in asked("\u200b \n\t")


def test_long_questions_are_cut() -> None:
    assert excerpt("x" * 500) == "x" * EXCERPT_CHARACTERS + " …"


@given(st.text())
def test_deltas_lose_nothing(text: str) -> None:
    assert "".join(deltas(text)) == text


def test_deltas_are_words_and_single_cjk_characters() -> None:
    assert deltas("Hi there, 你好 a。\n") == ["Hi", " there,", " 你", "好", " a", "。", "\n"]


@pytest.mark.parametrize("question", ["Hello", "你好", "Show me a table"])
def test_an_answer_that_was_cut_off_goes_on_with_its_text(question: str) -> None:
    whole = asked(question)
    begun, rest = whole[:70], whole[70:]
    turns = (Turn("user", question), Turn("assistant", begun), Turn("user", CONTINUE))
    assert asked(*turns) == rest


def test_a_whole_answer_goes_on_with_something() -> None:
    whole = asked("Hello")
    assert asked(Turn("user", "Hello"), Turn("assistant", whole), Turn("user", CONTINUE)) != ""

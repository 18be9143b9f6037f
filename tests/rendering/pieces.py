"""Pieces of Markdown for hypothesis to combine: every kind of block, whole or left open."""

from __future__ import annotations

PARAGRAPHS = [
    *(
        "Some words, and more.",
        "word",
        "two lines\nof words",
        "12",
        "1 a",
        "_a_ b",
        "a  \nb",
        "a\\",
    ),
    *(
        "a **bold** word",
        "**a",
        "*a",
        "`code` b",
        "`a",
        "~~a~~",
        "x < y",
        "a <",
        "Title\n===",
        "a\n---",
    ),
    *("中文，**注意：**后", "汉字", "见https://a.example，后", "www.a.example。", "😀 é", "１. a"),
]
LINKS = [
    *(
        "a [link](https://a.example 'title') b",
        "[a](",
        "[a](b",
        "[a](b 'c",
        "![a](https://a.example/i)",
    ),
    *(
        "<https://a.example>",
        "https://a.",
        "www.",
        "a@b.example",
        "[a",
        "[a]",
        "![a]",
        "[- b](c",
        "[](",
    ),
]
REFERENCES = [
    *(
        "[a]: https://a.example",
        "[a]:",
        "[a][b]",
        "[b]: <x> 'y'",
        "[a\nb]: c",
        "- [a]: b",
        "> [a]: b",
    ),
    *(
        "a[^1]",
        "[^1]: note",
        "[^1]: note\n\n    more",
        "[^a[b]: x",
        "[^a[b]",
        "[^a\\]: x",
        "a [1]: b",
    ),
    *("[a\\]b]: c", "1. [a]: b", "\\[a]: b", "[a]\n: b"),
]
HEADINGS = ["# a", "## b", "### c", "#### d\ntext", "###### e", "#", "# a #", "#a", "<h2>f</h2>"]
LISTS = [
    *(
        "- a\n- b",
        "- a\n\n- b",
        "* a\n  * b\n    * c",
        "+ a",
        "- a\n\n  b",
        "- a\n\n\n  b",
        "-",
        "- - a",
    ),
    *(
        "1. a\n2. b",
        "1) a",
        "3. c",
        "10. a\n\n    b",
        "1.",
        "2",
        "1. a\n   - b\n   - c",
        "-   a",
        "   - a",
    ),
    *(
        "- [ ] a\n- [x] b",
        "- a\n      code",
        "- ```py\n  x\n  ```",
        "- ```\n  x",
        "- > a",
        "- # a",
        "- a\nb",
    ),
]
CODE = [
    *(
        "```py\nx = 1\n```",
        "```\na\n\nb\n```",
        "~~~\n```\n~~~",
        "```",
        "~~~",
        "````\n```\n````",
        "```a`b",
    ),
    *(
        "```py\nfor x in [1, 2]:\n    y",
        "   ```\n   a\n   ```",
        "    a\n\n    b",
        "\ta",
        "    a",
        "```js",
    ),
    *("```\n# a\n\n- b", "```\n\n[a]: b\n```", "```\n<p>\n"),
]
TABLES = [
    *(
        "|a|b|\n|-|-|\n|1|2|",
        "a | b\n- | -\n1 | 2",
        "| a |",
        "|a|\n|:-|\nx",
        "a\n:-",
        "|-|",
        "|a|b|\n|-|",
    ),
]
QUOTES = [
    "> a\n> b",
    "> a\nb",
    "> - a\n>\n> b",
    "> ```\n> a",
    ">",
    "> > a",
    "> # a",
    "> |a|\n> |-|",
]
RULES = ["---", "***", "- - -", "* * * a", "___", "-- -", "*    *    *"]
MATH = [
    *(
        "$a$",
        "$$\na\n$$",
        "\\(a\\)",
        "\\[\na\n\\]",
        "$$",
        "\\[",
        "\\(",
        "\\]",
        "\\)",
        "$5 and $6",
        "$a",
    ),
    *("```math\nx\n```", "- $$\n  a", "> \\[a"),
]
HTML = [
    *(
        "<b>a</b>",
        "<div>",
        "</div>",
        "<div>\n\na\n\n</div>",
        "<p",
        "<a href='",
        "<T>",
        "<b>\na",
        "a <b",
    ),
    *(
        "<details><summary>s</summary>",
        "</details>",
        "<details open>\n\n# a",
        "<script>",
        "</script>",
    ),
    *(
        "<!-- a",
        "-->",
        "<pre>",
        "</pre>",
        "<![CDATA[",
        "]]>",
        "<?php",
        "<!A",
        "<table>",
        "<li>",
        "</p>",
    ),
    *(
        '<p data-sourcepos="1:1-9:9">',
        '<h1 data-sourcepos="50:1-60:1">z</h1>',
        "&amp;",
        "&amp",
        "&#60;",
    ),
]
ODD = ["\t", " ", "\\", "\0", "\r", "\ud83d", "\u00a0", "\u0301", "\u2028", "", "\n"]
KINDS = {
    "paragraphs": PARAGRAPHS,
    "links": LINKS,
    "references": REFERENCES,
    "headings": HEADINGS,
    "lists": LISTS,
    "code": CODE,
    "tables": TABLES,
    "quotes": QUOTES,
    "rules": RULES,
    "math": MATH,
    "html": HTML,
    "odd characters": ODD,
}
BETWEEN = ["\n\n", "\n\n", "\n\n", "\n\n", "\n", "\n", "", " ", "\n\n\n", "\n \n", "\r\n\r\n"]
INDENTS = ["", "", "", "", "", " ", "  ", "    ", "\t", "> ", "- "]

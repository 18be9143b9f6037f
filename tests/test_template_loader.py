"""chatsite/template_loader.py: white space is shortened where a browser does not show it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template import Context, Engine, Template, TemplateSyntaxError
from django.template.base import TextNode
from django.template.loader import get_template

from chatsite.template_loader import shorten

LOADERS = [("chatsite.template_loader.Loader", ["django.template.loaders.filesystem.Loader"])]


def engine_of(folder: Path, **sources: str) -> Engine:
    for name, source in sources.items():
        (folder / name.replace("__", ".")).write_text(source, encoding="utf-8")
    return Engine(dirs=[str(folder)], loaders=LOADERS, debug=True)


def shortened(source: str, **context: object) -> str:
    template = Template(source)
    shorten(template.nodelist.get_nodes_by_type(TextNode))
    return template.render(Context(context))


def test_a_line_break_between_tags_stays_one() -> None:
    assert shortened("<ul>\n  <li>a</li>\n\n  <li>b</li>\n</ul>") == (
        "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"
    )


def test_a_line_break_in_a_tag_or_beside_text_becomes_a_space() -> None:
    assert shortened('<a\n  class="x"\n  href="/"\n>\n  One\n  two\n</a>') == (
        '<a class="x" href="/" > One two </a>'
    )


def test_words_never_run_together() -> None:
    source = "<p>\n  {{ a }}\n  {% if b %}\n    {{ b }}\n  {% endif %}\n  {{ c }}\n</p>"
    assert shortened(source, a="one", b="two", c="three").split() == [
        "<p>", "one", "two", "three", "</p>"
    ]  # fmt: skip
    assert shortened(source, a="one", c="three").split() == ["<p>", "one", "three", "</p>"]


def test_white_space_without_a_line_break_stays() -> None:
    assert shortened("<b>a</b>  <i>b</i>") == "<b>a</b>  <i>b</i>"


@pytest.mark.parametrize("element", ["pre", "textarea", "script", "style"])
def test_verbatim_elements_keep_every_character(element: str) -> None:
    inside = f"<{element} id=x>\n  one\n    <b>\n  {{{{ value }}}}\n  two\n</{element}>"
    value = "  x\n   y\n"
    text = shortened(f"<p>\n  a\n</p>\n{inside}\n<p>\n  b\n</p>", value=value)
    assert text == f"<p> a </p>\n{inside.replace('{{ value }}', value)}\n<p> b </p>"


def test_values_keep_every_character() -> None:
    assert shortened("<p>\n  {{ value }}\n</p>", value="a\n   b") == "<p> a\n   b </p>"


def test_only_html_is_shortened(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, page__html="a\n  b\n", mail__txt="a\n  b\n")
    assert engine.get_template("page.html").render(Context()) == "a b "
    assert engine.get_template("mail.txt").render(Context()) == "a\n  b\n"


def test_blocks_of_a_child_are_shortened_too(tmp_path: Path) -> None:
    engine = engine_of(
        tmp_path,
        base__html="<p>\n  {% block a %}{% endblock %}\n</p>\n",
        page__html='{% extends "base.html" %}\n{% block a %}\n  x\n  y\n{% endblock %}\n',
    )
    for _ in range(2):  # the second time it is cached
        assert engine.get_template("page.html").render(Context()) == "<p>  x y  </p> "


def test_a_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, page__html="<p>\n  a\n</p>\n\n{% nothing %}\n")
    with pytest.raises(TemplateSyntaxError) as caught:
        engine.get_template("page.html")
    assert vars(caught.value)["template_debug"]["line"] == 5


@pytest.mark.parametrize("name", ["settings/people.html", "admin/login.html"])
def test_the_site_shortens_its_own_pages_and_those_of_packages(name: str) -> None:
    template = vars(get_template(name))["template"]
    nodes = template.nodelist.get_nodes_by_type(TextNode)
    assert nodes
    assert not [node.s for node in nodes if "\n " in node.s]

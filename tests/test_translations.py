"""The check of translations: words that bypass gettext, and strings without a translation."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test.utils import override_settings

from conversations.management.untranslated import in_script, in_template


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("<p>Nothing here</p>", "Nothing here"),
        ("<p>{{ count }} pages</p>", "pages"),
        ("<p>这里什么都没有</p>", "这里什么都没有"),
        ('<a href="/" title="Go back">{% icon "back" %}</a>', "Go back"),
        ('<input placeholder="{% if short %}Find{% endif %}">', "Find"),
        ("{% trans 'One' %}{% comment %}Two{% endcomment %}<b>Three</b>", "Three"),
    ],
)
def test_words_in_a_template_outside_gettext_are_found(template: str, words: str) -> None:
    assert list(in_template(template)) == [words]


@pytest.mark.parametrize(
    "template",
    [
        "{% load i18n %}<p>{% trans 'Nothing here' %}</p>",
        "{% blocktranslate count n=n %}One page{% plural %}{{ n }} b{% endblocktranslate %}",
        "{# For nobody. #}{% comment %}Nor this.{% endcomment %}",
        '<p class="page__lede" data-kind="one two"><code>make check</code> · {{ name }}</p>',
        '<kbd>Ctrl</kbd><a title="Chatsite (Ctrl B)">简体中文</a>',
        '<div {% if on %}class="is on" hidden=""{% endif %}></div>',
    ],
)
def test_what_is_translated_or_no_word_is_left_alone(template: str) -> None:
    assert list(in_template(template)) == []


@pytest.mark.parametrize(
    "script",
    [
        'toast("That did not work.");',
        "const words = { a: 'Send it again' };",
        "line.textContent = `Waiting`;",
        'announce("done");',
        'button.title = "复制";',
    ],
)
def test_sentences_in_a_script_are_found(script: str) -> None:
    assert len(list(in_script(script))) == 1


def test_selectors_keys_and_comments_are_no_sentences() -> None:
    script = """// Go on "As before".
    document.querySelector("article.turn--user > p");  /* 'Not this' */
    keys("Control Shift O", 'ArrowUp');
    line.textContent = this.dataset.textFailed;
    line.textContent = "";"""
    assert list(in_script(script)) == []


@pytest.mark.gettext
def test_the_check_names_each_and_leaves_the_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, messages = tmp_path / "templates", tmp_path / "locale/zh_Hans/LC_MESSAGES/django.po"
    for folder in (pages, messages.parent, tmp_path / "static/js"):
        folder.mkdir(parents=True)
    messages.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n')
    (pages / "page.html").write_text("{% load i18n %}<p>{% trans 'A new one' %}</p><p>Loose</p>")
    (tmp_path / "static/js/page.js").write_text('show("Also loose");')
    before = messages.read_bytes()
    monkeypatch.chdir(tmp_path)
    with (
        override_settings(BASE_DIR=tmp_path, LOCALE_PATHS=[tmp_path / "locale"]),
        pytest.raises(CommandError) as failure,
    ):
        call_command("check_translations")
    problems = str(failure.value)
    assert "missing: 'A new one'" in problems
    assert "outside gettext: 'Loose' in templates/page.html" in problems
    assert "outside gettext: 'Also loose' in static/js/page.js" in problems
    assert messages.read_bytes() == before

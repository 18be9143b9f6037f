"""The check of docstrings, comments and citations, run over small files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.prose.__main__ import problems, report, tracked

FILES = {
    ".gitignore": "/data/\n*.mo\n",
    "docs/architecture.md": "# Architecture\n",
    "docs/decisions/0002-journal.md": "# The journal\n",
    "conversations/generation/runner.py": "",
    "static/js/lib/patches.js": "",
}


def check(folder: Path, name: str, source: str) -> list[str]:
    """The faults that the check finds in one file beside ``FILES``."""
    for path, text in {**FILES, name: source}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return problems(folder, [*FILES, name])


HEADLESS = [
    "What other words leave as it is.",
    "Who has lost the lease writes nothing.",
    "Whoever asks is told.",
    "Where the run stands.",
    "When the run began, in UTC.",
    "Of the head and each word.",
    "As the parent, without its thread.",
    "Those of the document that a request may do without.",
    "That which is stored.",
    "How long a stop may take, in seconds.",
    "Which folders are open.",
    "Why the address cannot be used; empty when it can.",
    "`What` it says.",
]


@pytest.mark.parametrize("words", HEADLESS)
@pytest.mark.parametrize(
    "source",
    [
        '"""{}"""\n',
        'class A:\n    """{}"""\n',
        'async def a() -> None:\n    """{}"""\n',
        'LIMIT = 3\n"""{}"""\n',
        "# {}\n",
        "LIMIT = 3  # {}\n",
        "#: {}\nLIMIT = 3\n",
    ],
)
def test_a_clause_without_a_subject_is_refused(tmp_path: Path, source: str, words: str) -> None:
    (fault,) = check(tmp_path, "chatsite/a.py", source.format(words))
    assert fault.startswith("chatsite/a.py:")
    assert words in fault


@pytest.mark.parametrize(
    "words",
    [
        "Return the run's text so far.",
        "The longest line, in bytes.",
        "Seconds between two sweeps.",
        "True if `leaf` extends the branch.",
        "Whether the reader may open it.",
        "Whereabouts of a file.",
        "What-if analysis of prices.",
        "Asynchronous reads.",
    ],
)
def test_a_verb_or_a_noun_may_begin_a_docstring(tmp_path: Path, words: str) -> None:
    assert check(tmp_path, "chatsite/a.py", f'"""{words}"""\n') == []


@pytest.mark.parametrize(
    "words",
    [
        "When the server closes first, httpx raises another error.",
        "Where several match, the first one wins.",
        "Of two equal rows the newer wins, because ids grow.",
        "As Django does, we close it at the end.",
        "That would block the loop.",
        "Those rows are locked already.",
        "Lines after the first one may begin with any word:\n# what they say belongs to it.",
    ],
)
def test_a_comment_may_be_any_sentence(tmp_path: Path, words: str) -> None:
    assert check(tmp_path, "chatsite/a.py", f"# {words}\n") == []


@pytest.mark.parametrize(
    "words",
    [
        "When the run began.",
        "As the parent does.",
        "Of the document's own.\n# A second sentence, with a comma.",
        "Those of the document, cleaned.",
        "That which is stored, and more.",
        "What is typed, cleaned.",
    ],
)
def test_a_comma_alone_makes_no_sentence(tmp_path: Path, words: str) -> None:
    assert len(check(tmp_path, "chatsite/a.py", f"# {words}\n")) == 1


@pytest.mark.parametrize(
    "comment", ["noqa: S101 - what pytest needs", "type: ignore[what]", "!/usr/bin/env who"]
)
def test_a_pragma_is_no_comment(tmp_path: Path, comment: str) -> None:
    assert check(tmp_path, "chatsite/a.py", f"#{comment}\n") == []


@pytest.mark.parametrize(
    ("name", "source", "line"),
    [
        ("static/js/a.js", "const one = 1;\n  // What it is.\n  // More.\n", 2),
        ("static/js/a.js", "const one = 1; // how many\n", 1),
        ("static/js/a.js", "\n/** Where it lies.\n * More.\n */\n", 2),
        ("static/css/a.css", ".a { color: red }\n/* What changes. */\n", 2),
        ("templates/a.html", "<p>\n{# Who reads it. #}", 2),
        ("templates/a.html", "{% comment %}\nWhich it is.\n{% endcomment %}", 1),
        ("Makefile", "all:\n# What is built\n", 2),
        ("run.sh", "#!/bin/sh\n# Who runs it.\ntrue  # well\n", 2),
        ("pyproject.toml", "[tool]\nlist = [\n  'A',  # what it takes\n]\n", 3),
    ],
)
def test_comments_of_every_language_are_read(
    tmp_path: Path, name: str, source: str, line: int
) -> None:
    (fault,) = check(tmp_path, name, source)
    assert fault.startswith(f"{name}:{line}: ")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("static/js/a.js", 'fetch("https://who.example");\nconst a = "#what";\n'),
        ("static/css/a.css", ".a { background: url(//who.example/x.png) }\n"),
        ("templates/a.html", '<a href="#who">What</a>'),
        ("chatsite/a.py", 'WORDS = "# What"\n'),
        ("docs/a.md", "# What it is\n\nWho reads this?\n"),
    ],
)
def test_only_comments_are_read(tmp_path: Path, name: str, source: str) -> None:
    assert check(tmp_path, name, source) == []


@pytest.mark.parametrize(
    "cited",
    [
        "docs/absent.md",
        "`docs/absent.md`",
        "conversations/generation/absent.py: run",
        "static/js/lib/absent.js",
        "(tests/upstream/)",
        "`views/`",
        "notes/stack.md",
        "api/README.md",
        "`absent.py`",
        "docs/decisions/0002",
        "tests/absent/*.py",
        "tests/test_absent.py::test_a_run",
        "architecture § 4.12",
        "DESIGN § 7",
        "DESIGN",
        "the main-job issue",
        "issue 11",
        "RFC 9562, and architecture § 5.7",
    ],
)
@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("docs/a.md", "First.\n\nSee {}.\n"),
        ("chatsite/a.py", '"""First.\n\nSee {}.\n"""\n'),
        ("chatsite/a.py", "# First.\n#\n# See {}.\n"),
        ("static/js/a.js", "/* First.\n\n   See {}. */\n"),
    ],
)
def test_a_citation_of_what_is_not_there_is_refused(
    tmp_path: Path, name: str, source: str, cited: str
) -> None:
    (fault,) = check(tmp_path, name, source.format(cited))
    assert fault.startswith(f"{name}:3: ")
    assert "is not in the repository" in fault


@pytest.mark.parametrize(
    "cited",
    [
        "docs/architecture.md",
        "[it](docs/architecture.md#words)",
        "`runner.py`",
        "generation/runner.py: execute",
        "`generation/`",
        "lib/patches.js:24",
        "docs/decisions/",
        "docs/decisions/*.md",
        "the folder `data/`",
        "https://example.org/absent.html",
        "/static/absent.css",
        "`/c/<conversation>/absent/`",
        "`templates/<page>.html`",
        "RFC 9562 § 5.7",
        "CommonMark 0.31, § 6.1",
        "and/or, 1/2, text/html",
    ],
)
def test_other_words_are_no_citations_that_lead_nowhere(tmp_path: Path, cited: str) -> None:
    assert check(tmp_path, "docs/a.md", f"See {cited}.\n") == []


@pytest.mark.parametrize("name", ["CHANGELOG.md", "docs/decisions/0003-a.md"])
def test_history_may_name_files_that_are_gone(tmp_path: Path, name: str) -> None:
    assert check(tmp_path, name, "It was in `absent.py`.\n") == []
    (fault,) = check(tmp_path, name, "See architecture § 4.\n")
    assert "architecture § 4" in fault


def test_files_that_git_ignores_are_not_read() -> None:
    root = Path(__file__).resolve().parent.parent
    paths = tracked(root)
    assert {"README.md", "tests/prose/__main__.py"} <= set(paths)
    assert not any(path.startswith((".venv/", "build/")) for path in paths)


def test_each_fault_is_printed_and_fails_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = check(tmp_path, "chatsite/a.py", '"""What is `absent.py`?"""\n')
    assert report(faults) == 1
    headless, dead = capsys.readouterr().out.splitlines()
    assert headless.startswith("chatsite/a.py:1: “What is `absent.py`?” begins with “What” — ")
    assert dead.startswith("chatsite/a.py:1: “absent.py” is not in the repository — ")


def test_nothing_is_printed_where_nothing_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report(check(tmp_path, "chatsite/a.py", '"""Read `runner.py`."""\n')) == 0
    assert capsys.readouterr().out == ""

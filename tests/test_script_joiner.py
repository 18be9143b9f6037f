from __future__ import annotations

from pathlib import Path

import pytest

from chatsite.script_joiner import NotJoinableError, join, parse

SCRIPTS = Path(__file__).resolve().parent.parent / "static/js"


def test_a_module_becomes_a_scope_of_its_own() -> None:
    module = parse("lib/b", 'import { a, c as d } from "lib/a";\n\nexport const e = a + d;\n')
    assert module.needs == ("lib/a",)
    assert module.gives == ("e",)
    assert module.as_function == (
        "const $lib_b = (() => {\nconst { a, c: d } = $lib_a;\nconst e = a + d;\n"
        "return { e };\n})();\n"
    )
    assert module.as_door("application") == (
        'import { $lib_b } from "application";\nexport const { e } = $lib_b;\n'
    )


def test_comments_and_indentation_are_left_out() -> None:
    source = (
        '// Says "no `const x = 1;\n\nconst a = "// b";\n  // c\nif (a) {\n'
        "  run(`${a}`, `//`); // d\n}\n"
    )
    assert parse("x", source).body == 'const a = "// b";\nif (a) {\nrun(`${a}`, `//`); // d\n}\n'


def test_names_may_be_given_in_a_list() -> None:
    module = parse("lib/b", "const a = 1;\nexport { a, c };\nexport const d = 2;\n")
    assert module.gives == ("d", "a", "c")
    assert "export" not in module.as_function


def test_modules_run_as_a_browser_would_run_them() -> None:
    sources = {
        "application": 'import "x";\nimport "y";\n',
        "x": 'import { z } from "z";\nz();\n',
        "y": 'import { z } from "z";\nz();\n',
        "z": "export function z() {}\n",
        "other": "alone();\n",
    }
    files = join("application", sources)
    joined = files["application"]
    assert [line for line in joined.splitlines() if line.startswith("// ")] == [
        "// z.js",
        "// x.js",
        "// y.js",
        "// application.js",
    ]
    assert joined.endswith("export { $z };\n")
    assert files["y"] == 'import "application";\n'
    assert "other" not in files


@pytest.mark.parametrize(
    "source",
    [
        "export default 1;\n",
        "export let counter = 0;\n",
        'import * as all from "lib/a";\n',
        'import a from "lib/a";\n',
        'export { a } from "lib/a";\n',
        "export { a as b };\n",
        "await ready();\n",
        "const text = `one\n  two`;\n",
    ],
)
def test_what_it_does_not_know_is_refused(source: str) -> None:
    with pytest.raises(NotJoinableError, match=r"x\.js: cannot join"):
        parse("x", source)


def test_a_circle_and_a_missing_module_are_refused() -> None:
    circle = {"application": 'import "x";\n', "x": 'import "application";\n'}
    with pytest.raises(NotJoinableError, match="application → x → application"):
        join("application", circle)
    with pytest.raises(NotJoinableError, match=r"application\.js needs x"):
        join("application", {"application": 'import "x";\n'})


def test_our_own_sources_can_be_joined() -> None:
    sources = {
        path.relative_to(SCRIPTS).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for path in SCRIPTS.rglob("*.js")
    }
    joined = join("application", sources)["application"]
    assert all(f"// {name}.js\n" in joined for name in sources if name.startswith("elements/"))

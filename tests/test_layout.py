"""Rules for the files of the tests themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
MODULES = sorted(TESTS.rglob("*.py"))


def imports_of(source: str) -> Iterator[str]:
    """The dotted names that ``source`` imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{name.name}" for name in node.names)


def is_test_module(name: str) -> bool:
    return name.startswith("tests.") and ".test_" in name


@pytest.mark.parametrize(
    ("source", "is_refused"),
    [
        ("from tests.generation.test_runner import ended", True),
        ("from tests.generation import test_runs", True),
        ("import tests.generation.test_runner", True),
        ("from tests.generation.helpers import ended", False),
        ("import conversations.views.settings.connections", False),
    ],
)
def test_an_import_of_a_test_module_is_recognised(source: str, *, is_refused: bool) -> None:
    assert any(map(is_test_module, imports_of(source))) == is_refused


def test_browser_tests_wait_for_conditions_and_not_for_a_while() -> None:
    """``until`` in tests/browser/watching.py is the one loop that may let time pass."""
    call = "wait_for" + "_timeout("
    waiting = [path.name for path in MODULES if call in path.read_text()]
    assert waiting == ["watching.py"]


def test_helpers_are_imported_from_helper_modules_only() -> None:
    importers = {
        str(path.relative_to(TESTS)): found
        for path in MODULES
        if (found := [*filter(is_test_module, imports_of(path.read_text()))])
    }
    assert importers == {}

"""Each class, custom property and icon is used, and each one that is used is defined."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conversations.rendering import math
from conversations.transfer.formats import as_html
from tests.styles import (
    HOLE,
    ROOT,
    SHEETS,
    SPRITE,
    TEMPLATES,
    Names,
    classes_in,
    read,
    rules,
    sheet,
    used_names,
)

# The sheet of Django's admin names Django's classes and sets Django's custom properties.
OWN_SHEETS = [path for path in SHEETS if path.name != "admin.css"]
PLAIN_SHEETS = [path for path in OWN_SHEETS if path.name != "tokens.css"]
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(|\b(?:black|white)\b"
)
ICON = re.compile(r"\{% icon [\"']([\w-]+)[\"']")


@pytest.fixture(scope="module")
def names() -> Names:
    found = used_names()
    # The converter of formulas has classes of its own for a line through a symbol.
    for html in re.findall(r'class="([^"]*)"', math.convert(r"\xcancel{x}", display=False)):
        found.add(html)
    return found


def title(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", OWN_SHEETS, ids=title)
def test_every_class_is_used(path: Path, names: Names) -> None:
    assert {name for name in classes_in(sheet(path)) if not names.contains(name)} == set()


def test_a_composed_name_needs_its_prefix_and_its_ending() -> None:
    names = Names()
    names.add(f"step step--{HOLE}")
    names.add_endings("done failed")
    assert names.contains("step--done")
    assert not names.contains("step--other")
    assert not names.contains("note--done")


def test_every_custom_property_is_defined_and_used() -> None:
    defined = {
        name
        for path in OWN_SHEETS
        for _, declarations in rules(path)
        for name in declarations
        if name.startswith("--")
    }
    used = {name for path in SHEETS for name in re.findall(r"var\((--[\w-]+)", sheet(path))}
    assert used - defined == set()
    assert defined - used == set()


@pytest.mark.parametrize("path", PLAIN_SHEETS, ids=title)
def test_colours_are_tokens(path: Path) -> None:
    """A mask is the exception: its colours are only more or less opaque."""
    literal = [
        (name, value)
        for _, declarations in rules(path)
        for name, value in declarations.items()
        if name != "mask-image" and COLOUR.search(value)
    ]
    assert literal == []


def test_every_icon_is_defined_and_used(names: Names) -> None:
    defined = set(re.findall(r'<symbol id="([\w-]+)"', read(SPRITE)))
    in_templates = {name for path in TEMPLATES for name in ICON.findall(read(path))}
    assert in_templates - defined == set()
    assert {name for name in defined - in_templates if name not in names.endings} == set()


def test_an_exported_page_has_the_sheets_that_it_needs() -> None:
    goldens = (ROOT / "tests").glob("*/golden/*.html")
    # The page for printing links to the site's own sheet.
    templates = [path for path in TEMPLATES if path.match("export/[!p]*.html")]
    used = Names()
    for path in (*goldens, *templates):
        for value in re.findall(r'class="([^"]*)"', read(path)):
            used.add(value)
    exported = [ROOT / f"static/css/{name}.css" for name in as_html.SHEETS]
    defined, brought = (
        {name for path in paths for name in classes_in(sheet(path))}
        for paths in (OWN_SHEETS, exported)
    )
    assert used.whole & defined - brought == set()

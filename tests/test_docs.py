"""Check statements of docs/ against the code."""

from __future__ import annotations

import ast
import inspect
import json
import re
from pathlib import Path

import pytest

from conversations import consumers
from conversations.generation.live import flow_control, frames, subscription

ROOT = Path(__file__).resolve().parent.parent
PROTOCOL = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PROTOCOL.split(f"\n## {title}", 1)[1].split("\n## ", 1)[0]


def test_every_frame_we_send_is_in_the_protocol() -> None:
    sent = set(re.findall(r'"t": "(\w+)"', inspect.getsource(frames)))
    written = set(re.findall(r"^### `(\w+)`", section("Down"), re.MULTILINE))
    assert sent == written


FRAMES = re.findall(r'"t": "(\w+)"', inspect.getsource(frames))
# Fields that the code does not write as a literal in the frame.
EMPTY: dict[str, object] = {"blocks": (), "ops": (), "live": {}}


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_has_the_fields_that_the_protocol_shows(name: str) -> None:
    make = getattr(frames, name)
    needed = [
        parameter.name
        for parameter in inspect.signature(make).parameters.values()
        if parameter.default is parameter.empty
    ]
    frame = make(**{field: EMPTY.get(field) for field in needed})
    shown = section("Down").split(f"\n### `{name}`\n", 1)[1].split("`")[1]
    assert list(json.loads(frame)) == re.findall(r'"(\w+)":', shown)


def test_every_frame_we_read_is_in_the_protocol() -> None:
    written = set(re.findall(r"^### `(\w+)`", section("Up"), re.MULTILINE))
    assert set(consumers.HANDLERS) == written


def test_close_codes_and_limits_are_the_real_ones() -> None:
    codes = (consumers.SIGNED_OUT, consumers.SILENT_READER, consumers.TOO_MANY)
    assert all(f"| {code} |" in PROTOCOL for code in codes)
    assert (
        f"at most {flow_control.MAX_FRAMES} frames, or {flow_control.MAX_BYTES // 1024} KB"
        in PROTOCOL
    )
    assert f"more than {consumers.MAX_FRAMES_PER_SECOND} frames in one second" in PROTOCOL
    assert f'"silence": {frames.SILENCE}' in PROTOCOL
    assert f"every {frames.HEARTBEAT_INTERVAL} s" in PROTOCOL


def test_error_codes_are_the_real_ones() -> None:
    source = inspect.getsource(consumers) + inspect.getsource(subscription)
    codes = set(re.findall(r'frames\.error\("(\w+)"\)', source))
    assert codes == set(re.findall(r"`(\w+)`:", section("Down").split("### `error`")[1]))


def test_every_setting_of_the_environment_is_documented() -> None:
    settings = (ROOT / "chatsite" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'env\.\w+\(\s*"(\w+)"', settings))
    configuration = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert names
    assert {name for name in names if f"`{name}`" not in configuration} == set()


COMPATIBILITY = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")


def names_in(path: str) -> set[str]:
    """Return the names of the tests in a file; none if there is no such file."""
    file = ROOT / path
    tree = ast.parse(file.read_text(encoding="utf-8") if file.is_file() else "")
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def test_every_test_that_shows_a_quirk_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", COMPATIBILITY)
    assert len(named) == COMPATIBILITY.count("::") - COMPATIBILITY.count("`path::name`") > 100
    assert {(path, name) for path, name in named if name not in names_in(path)} == set()


def test_every_quirk_has_a_test() -> None:
    rows = [line for line in COMPATIBILITY.splitlines() if line.startswith("| ")]
    heads = ("| what comes ", "| where servers ")
    assert [row for row in rows if "::" not in row and not row.startswith(heads)] == []


def test_the_readme_leads_to_every_page() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert {page for page in pages if f"(docs/{page})" not in readme} == set()


RECORDS = ROOT / "docs" / "decisions"


def test_every_decision_record_is_listed_with_its_number() -> None:
    listed = re.findall(r"^\| \[(\d+)\]\((\d{4})-[\w-]+\.md\)", index(), re.MULTILINE)
    numbers = sorted(int(path.name[:4]) for path in RECORDS.glob("0*.md"))
    assert [int(number) for number, _ in listed] == [int(name) for _, name in listed] == numbers


def test_every_gap_between_decision_records_is_explained() -> None:
    numbers = {int(path.name[:4]) for path in RECORDS.glob("0*.md")}
    gaps = sorted(set(range(1, max(numbers))) - numbers)
    explained = re.search(r"no records ([\d, and]+):", index())
    assert gaps == [int(number) for number in re.findall(r"\d+", explained[1] if explained else "")]


def index() -> str:
    return (RECORDS / "README.md").read_text(encoding="utf-8")


def test_every_class_in_the_glossary_exists() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    words = page.split("\n## Words\n", 1)[1].split("\n## ", 1)[0]
    named = set(re.findall(r"`([A-Z][A-Za-z]+)[.`]", words))
    sources = [path.read_text("utf-8") for path in (ROOT / "conversations").rglob("*.py")]
    classes = {name for text in sources for name in re.findall(r"^class (\w+)", text, re.MULTILINE)}
    assert named
    assert named - classes == set()

from __future__ import annotations

from tests import coverage

TABLE = """\
Name            Stmts   Miss  Cover
-----------------------------------
{files}-----------------------------------
TOTAL             100     20    80%
"""


def test_the_least_covered_files_and_the_total_are_shown() -> None:
    files = [f"file_{number:02}.py        10      2    80%" for number in range(30)]
    shown = coverage.shortened(TABLE.format(files="".join(f"{one}\n" for one in files)))
    lines = shown.splitlines()
    assert lines[2:-2] == files[: coverage.LEAST_COVERED]
    assert lines[0].startswith("Name")
    assert lines[-1].startswith("TOTAL")

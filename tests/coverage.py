"""Measure which lines of the product the tests run, if ``CHATSITE_TESTS_COVERAGE`` is 1.

Measured are the tests without a browser, on SQLite, and the servers that they start. They take two
thirds more processor time under coverage, so only ``make coverage`` and .ci/run measure.
"""

from __future__ import annotations

import os
import subprocess
import sys

LEAST_COVERED = 15
_VARIABLE = "CHATSITE_TESTS_COVERAGE"
_IS_MEASURED = os.environ.get(_VARIABLE) == "1"
# The environment of a run that is not measured.
UNMEASURED = {**os.environ, _VARIABLE: "0"}
_COVERAGE = [sys.executable, "-m", "coverage"]


def python() -> list[str]:
    """The command that runs Python, under coverage where it is measured."""
    return [*_COVERAGE, "run"] if _IS_MEASURED else [sys.executable]


def begin() -> None:
    """Forget what an earlier run measured."""
    if _IS_MEASURED:
        subprocess.run([*_COVERAGE, "erase"], check=True)


def report() -> None:
    """Print the files of which the least is covered, and the total."""
    if not _IS_MEASURED:
        return
    subprocess.run([*_COVERAGE, "combine", "--quiet"], check=True)
    printed = subprocess.run(
        [*_COVERAGE, "report"], check=True, capture_output=True, text=True
    ).stdout
    print("\nCoverage", shortened(printed), sep="\n", flush=True)  # noqa: T201


def shortened(printed: str) -> str:
    """Leave out all files of coverage's table, sorted by coverage, but the first."""
    head, rule, *files, _, total = printed.strip().splitlines()
    return "\n".join([head, rule, *files[:LEAST_COVERED], rule, total])

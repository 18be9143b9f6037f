"""Run every test: ``python -m tests [pytest's arguments]``, which ``make test`` calls.

The tests in a browser mostly wait for the browser, so they run beside the others, which run on
SQLite and then, as far as they use the database, on PostgreSQL. What the tests in a browser print
is shown at the end.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

from tests import coverage, on_postgresql

NOTHING_SELECTED = 5  # pytest's exit code


def pytest_command(python: list[str], selection: str, arguments: list[str]) -> list[str]:
    return [*python, "-m", "pytest", "-m", selection, *arguments]


def main(arguments: list[str]) -> int:
    """Return 0 if all tests passed, pytest's own code if none was selected, else 1."""
    coverage.begin()
    with tempfile.TemporaryFile() as printed:
        browser = subprocess.Popen(
            pytest_command([sys.executable], "browser", arguments),
            stdout=printed,
            stderr=subprocess.STDOUT,
            env=coverage.UNMEASURED,
        )
        command = pytest_command(coverage.python(), "not browser", arguments)
        codes = [subprocess.run(command, check=False).returncode]
        codes.append(on_postgresql.main(arguments))
        codes.append(browser.wait())
        printed.seek(0)
        print("\nThe tests in a browser", flush=True)  # noqa: T201
        sys.stdout.buffer.write(printed.read())
        sys.stdout.flush()
    coverage.report()
    if all(code == NOTHING_SELECTED for code in codes):
        return NOTHING_SELECTED
    return int(any(code not in (0, NOTHING_SELECTED) for code in codes))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)  # the shells' code for Ctrl-C; pytest has printed what was interrupted

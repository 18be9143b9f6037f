"""Runs every test: ``python -m tests [pytest's arguments]``, which ``make test`` calls.

The browser's tests mostly wait for a browser, so they run beside all others and after those the
database's once more on PostgreSQL. What the browser's tests print is shown when both have ended.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

from tests import on_postgresql

NOTHING_SELECTED = 5  # pytest's exit code


def pytest_command(selection: str, arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", "-m", selection, *arguments]


def main(arguments: list[str]) -> int:
    """The exit code: 0 when all passed, pytest's own for nothing selected, else 1."""
    with tempfile.TemporaryFile() as printed:
        browser = subprocess.Popen(
            pytest_command("browser", arguments), stdout=printed, stderr=subprocess.STDOUT
        )
        codes = [subprocess.run(pytest_command("not browser", arguments), check=False).returncode]
        codes.append(on_postgresql.main(arguments))
        codes.append(browser.wait())
        printed.seek(0)
        print("\nThe tests in a browser", flush=True)  # noqa: T201
        sys.stdout.buffer.write(printed.read())
        sys.stdout.flush()
    if all(code == NOTHING_SELECTED for code in codes):
        return NOTHING_SELECTED
    return int(any(code not in (0, NOTHING_SELECTED) for code in codes))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)  # the shells' code for Ctrl-C; pytest has said what it means

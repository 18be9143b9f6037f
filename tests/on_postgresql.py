"""Run the tests that use the database again, on PostgreSQL.

CHATSITE_TEST_POSTGRES is the address of the server, on which the run makes a database of its own.
Without a server the run is skipped and reported, or fails if CHATSITE_TESTS_REQUIRE_ALL is 1.
"""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg

from tests import coverage

DEFAULT_SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
SELECTION = "database and not browser"


def run(server: str, arguments: list[str]) -> int:
    """Run the tests on ``server`` and return pytest's exit code."""
    print("Running the tests of the database again, on PostgreSQL", flush=True)  # noqa: T201
    command = [sys.executable, "-m", "pytest", "-m", SELECTION, *arguments]
    return subprocess.run(
        command, env={**coverage.UNMEASURED, "DATABASE_URL": server}, check=False
    ).returncode


def missing_server(server: str) -> str:
    """Return why ``server`` cannot be used; empty if it can."""
    try:
        psycopg.connect(server, connect_timeout=2).close()
    except psycopg.Error as error:
        return str(error).strip().splitlines()[0]
    return ""


def main(arguments: list[str]) -> int:
    """Run the tests with pytest's ``arguments``, or print why not; return the exit code."""
    server = os.environ.get("CHATSITE_TEST_POSTGRES", DEFAULT_SERVER)
    reason = missing_server(server)
    if not reason:
        return run(server, arguments)
    is_required = os.environ.get("CHATSITE_TESTS_REQUIRE_ALL") == "1"
    print(  # noqa: T201
        f"{'FAILED' if is_required else 'SKIPPED'}: the tests on PostgreSQL. No server answers at "
        f"CHATSITE_TEST_POSTGRES ({reason}).\nTo run them, start one (Debian: apt-get install "
        "postgresql) or name another: "
        "CHATSITE_TEST_POSTGRES=postgres://user:password@host:5432/postgres"
    )
    return 1 if is_required else 0

"""The tests that use the database once more, on PostgreSQL.

CHATSITE_TEST_POSTGRES says where the server is; its databases are not touched, the run makes one of
its own. Without a server the run is skipped and says so, or fails where all parts must be there.
"""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg

DEFAULT_SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
SELECTION = "database and not browser"


def run(server: str, arguments: list[str]) -> int:
    """The tests on ``server``; pytest's exit code."""
    print("Running the tests of the database again, on PostgreSQL", flush=True)  # noqa: T201
    command = [sys.executable, "-m", "pytest", "-m", SELECTION, *arguments]
    return subprocess.run(
        command, env={**os.environ, "DATABASE_URL": server}, check=False
    ).returncode


def missing_server(server: str) -> str:
    """Why ``server`` cannot be used; empty when it can."""
    try:
        psycopg.connect(server, connect_timeout=2).close()
    except psycopg.Error as error:
        return str(error).strip().splitlines()[0]
    return ""


def main(arguments: list[str]) -> int:
    """Run them with pytest's ``arguments``, or say why not; the exit code."""
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

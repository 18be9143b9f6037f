"""The server as a process of its own, started as an operator starts it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from django.conf import settings
from django.db import connection

from tests import coverage
from tests.databases import database_url, new_database

ROOT = Path(__file__).resolve().parent.parent


WITHOUT_OVERRIDE = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class LiveSite:
    """``manage.py serve`` with ``data_dir``; ``log`` is all that it has printed."""

    def __init__(
        self,
        data_dir: Path,
        *,
        environment: Mapping[str, str] | None = None,
        held_to_permissions: bool = False,
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []
        # Root may write to any file, so a server that is to meet a read-only file is started
        # without that capability.
        self._prefix = WITHOUT_OVERRIDE if held_to_permissions and not os.geteuid() else []
        clean = {key: value for key, value in os.environ.items() if key not in _OURS}
        self._environment = {
            **clean,
            "DJANGO_SETTINGS_MODULE": "chatsite.settings",
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            **(environment or {}),
        }

    @property
    def log(self) -> str:
        return "".join(self.lines)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self._environment, capture_output=True, text=True, check=False
        )

    def start(self) -> LiveSite:
        self.process = subprocess.Popen(
            [*self._prefix, *coverage.python(), "manage.py", "serve"],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._wait_until_ready()
        return self

    def stop(self, number: int = signal.SIGTERM, *, timeout: float = 20) -> int:
        """Send a signal and return the exit code, as a supervisor does."""
        self.process.send_signal(number)
        code = self.process.wait(timeout)
        self._reader.join()
        return code

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as output:
            for line in output:
                self.lines.append(line)

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + 180
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                if "Chatsite is at" in self.log and httpx.get(f"{self.url}/readyz").is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        self.process.kill()
        raise AssertionError(f"the server did not start:\n{self.log}")


_OURS = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "chatsite/settings.py").read_text()))


@contextlib.contextmanager
def serving(folder: Path, database: str) -> Iterator[LiveSite]:
    """Start a server and stop it at the end, unless it has ended."""
    site = LiveSite(folder, environment={"DATABASE_URL": database}).start()
    yield site
    if site.process.poll() is None:
        site.stop(signal.SIGINT)


@pytest.fixture(scope="session")
def migrated_database(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The URL of a database with all tables, copied for each server to save it the migrations."""
    if connection.vendor != "sqlite":
        # The name of the new database begins with that of the tests' own, known once that exists.
        request.getfixturevalue("django_db_setup")
    folder = tmp_path_factory.mktemp("migrated")
    with new_database(folder) as url:
        site = LiveSite(folder, environment={"DATABASE_URL": url})
        migrated = site.manage("migrate", "--no-input", "-v0")
        assert migrated.returncode == 0, migrated.stderr
        yield url


@pytest.fixture
def empty_database(tmp_path: Path, migrated_database: str) -> Iterator[str]:
    """The URL of a migrated database without users, for a server that the test starts."""
    with new_database(tmp_path, migrated_database) as url:
        yield url


@pytest.fixture
def fresh_site(tmp_path: Path, empty_database: str) -> Iterator[LiveSite]:
    """A server that nobody has used, as after the first ``make run``."""
    with serving(tmp_path, empty_database) as site:
        yield site


@pytest.fixture(scope="session")
def _shared_site(django_db_setup: None) -> Iterator[list[LiveSite]]:
    """The one server that all tests share, once started; stopped before the database goes."""
    started: list[LiveSite] = []
    yield started
    for site in started:
        site.stop(signal.SIGINT)


@pytest.fixture
def live_site(transactional_db: None, _shared_site: list[LiveSite]) -> LiveSite:
    """A server on the test's own database, which sees the rows that the test commits."""
    if not _shared_site:
        name = connection.settings_dict["NAME"]
        # The tools of tests reach servers on this machine, which is not allowed otherwise.
        environment = {
            "DATABASE_URL": database_url(name),
            "DJANGO_SETTINGS_MODULE": "tests.live_settings",
            "TOOL_ALLOWED_HOSTS": "127.0.0.1",
        }
        site = LiveSite(settings.DATA_DIR, environment=environment)
        _shared_site.append(site.start())
    return _shared_site[0]

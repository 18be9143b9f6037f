"""Skip tests for which a program is missing, and mark those that use the database.

With CHATSITE_TESTS_REQUIRE_ALL=1 a missing program fails the test. Marked tests run a second time
on PostgreSQL.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from _pytest.runner import runtestprotocol
from django.db import connection
from django.utils import timezone, translation

REQUIRE_ALL = os.environ.get("CHATSITE_TESTS_REQUIRE_ALL") == "1"


# ``empty_database`` is not one, because tests that start a server are seldom about the database;
# those that are carry the mark.
DATABASE_FIXTURES = {"db", "transactional_db"}


@pytest.fixture(autouse=True)
def _no_ones_language() -> Iterator[None]:
    """Reset the language and time zone that a request leaves behind in the thread."""
    yield
    translation.deactivate()
    timezone.deactivate()


def missing_part(item: pytest.Item) -> str:
    """Return the program that this machine lacks for a test; empty if it has all."""
    if item.get_closest_marker("browser") and not chromium():
        return "chromium is not installed (Debian: apt-get install chromium)"
    if item.get_closest_marker("gettext") and not shutil.which("xgettext"):
        return "gettext is not installed (Debian: apt-get install gettext)"
    return ""


def chromium() -> str | None:
    """Return the path of the browser, or None."""
    return shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run browser tests last, because Playwright's event loop then stays in the main thread."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    for item in items:
        names: list[str] = getattr(item, "fixturenames", [])
        if not DATABASE_FIXTURES.isdisjoint(names) or item.get_closest_marker("django_db"):
            item.add_marker("database")
    items[:] = [item for item in items if _is_for_this_database(item)]


def _is_for_this_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("only_on")
    return marker is None or connection.vendor in marker.args


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if reason := missing_part(item):
        if REQUIRE_ALL:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a failed browser test once more and report it: a busy machine can be too slow for one."""
    if not item.get_closest_marker("browser"):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    if failed := [report for report in reports if report.failed]:
        reason = "\n".join(failed[0].longreprtext.splitlines()[-3:])
        print(f"\nA second try: {item.nodeid}\n{reason}")  # noqa: T201
        item._initrequest()  # type: ignore[attr-defined]  # pytest has no public way to start anew
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Start Debian's Chromium without its background requests, and with no host but this one."""
    return {
        "executable_path": chromium(),
        "headless": True,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-default-apps",
            "--no-first-run",
            "--disable-extensions",
            "--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ],
    }

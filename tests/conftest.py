"""Users, an engine of the test's own, and an upstream over a real socket."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from conversations.actions import connections as connection_actions
from conversations.generation import engine
from conversations.generation.records import leases
from conversations.middleware import SetupMiddleware
from conversations.models import Connection, User
from conversations.upkeep import schedule
from tests.fakes.upstream import FakeUpstream

pytest_plugins = [
    "tests.fakes.fixtures",
    "tests.flush",
    "tests.live",
    "tests.parts",
]

# No deadline and no check of slow data, because both fail on a busy machine.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")

PASSWORD = "correct horse battery staple"
T = TypeVar("T")


def make_person(name: str, *, role: str = User.Role.MEMBER) -> User:
    return User.objects.create_user(
        f"{name.lower()}@example.com", PASSWORD, name=name, role=role, time_zone="UTC"
    )


@pytest.fixture
def alice(db: None) -> User:
    """The owner of the conversation under test."""
    return make_person("Alice")


@pytest.fixture
def bob(db: None) -> User:
    """Another member of the team."""
    return make_person("Bob")


@pytest.fixture
def charlie(db: None) -> User:
    """A member with no access to the conversation under test."""
    return make_person("Charlie")


@pytest.fixture
def rita(db: None) -> User:
    """An administrator."""
    return make_person("Rita", role=User.Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def _forget_set_up() -> Iterator[None]:
    """Reset the cache of the middleware, because each test has its own users, or none."""
    SetupMiddleware.is_set_up = False
    yield
    SetupMiddleware.is_set_up = False


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """Return a function that makes a client in which a user has signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    return sign_in


@pytest.fixture
def upstream_connection(db: None, fake_upstream: FakeUpstream) -> Connection:
    """A connection of the team to the fake upstream."""
    return connection_actions.create(
        owner=None,
        fields=connection_actions.ConnectionFields(
            name="Fake", base_url=fake_upstream.url, key="sk-test-0123456789abcdef"
        ),
    )


class EngineThread:
    """The engine on an event loop in a thread of its own, as in a server."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()
        self.call(self._start)

    def call(self, function: Callable[[], object], timeout: float = 15) -> None:
        async def run() -> None:
            result = function()
            if asyncio.iscoroutine(result):
                await result

        asyncio.run_coroutine_threadsafe(run(), self.loop).result(timeout)

    def stop(self) -> None:
        self.call(lambda: engine.stop(0))
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    async def _start(self) -> None:
        engine.ensure_started(schedule.background)


@pytest.fixture
def running_engine(transactional_db: None) -> Iterator[EngineThread]:
    """Run the engine, for tests that send messages; transactions are committed."""
    thread = EngineThread()
    yield thread
    thread.stop()
    leases.interrupt_orphans()
    connections.close_all()


def wait_for(check: Callable[[], T | None], *, timeout: float = 30.0) -> T:
    """Return what ``check`` returns once that is true; fail after ``timeout`` seconds."""
    until = time.monotonic() + timeout
    while not (result := check()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)
    return result

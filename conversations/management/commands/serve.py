"""Serve the site: the one process that locks DATA_DIR, with the demo upstream beside it."""

from __future__ import annotations

import fcntl
import gc
import ipaddress
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from daphne.endpoints import build_endpoint_description_strings
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from chatsite import event_loop
from chatsite.asgi import application
from conversations.actions import managed_connections, setup
from conversations.database import threads
from conversations.demo.server import DemoServer
from conversations.generation import engine
from conversations.generation.records import leases
from conversations.models import LanguageModel
from conversations.upkeep import schedule

logger = logging.getLogger(__name__)

# Seconds that running answers may take to end after SIGTERM.
GRACE = 30.0
# Thresholds of the garbage collector, for `gc.set_threshold`.
COLLECTING = (10_000, 20, 50)


class Command(BaseCommand):
    """``manage.py serve``."""

    help = "Bring the database up to date and serve the site (HOST, PORT)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare the database and the environment's settings, then serve until a signal."""
        # The database and its companion files must be readable by the owner only, whatever the mode
        # of the folder.
        os.umask(0o077)
        with _alone(settings.DATA_DIR):
            try:
                self._prepare()
            except ImproperlyConfigured as error:
                raise CommandError(str(error)) from error
            event_loop.install()
            # Importing it imports the reactor, which must have been installed before.
            from chatsite.server import ChatServer  # noqa: PLC0415

            server = ChatServer(
                application,
                endpoints=build_endpoint_description_strings(
                    host=settings.HOST, port=settings.PORT
                ),
                start=self._start,
                stop=self._stop,
                grace=GRACE,
            )
            server.run()
        if server.exit_code:
            raise SystemExit(server.exit_code)
        self.stdout.write("Chatsite has stopped.")

    def _prepare(self) -> None:
        """Prepare tables, interrupted runs, the administrator and the connections."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("clearsessions")
        if count := leases.interrupt_orphans():
            logger.warning("%d answers were cut off when the server last ended", count)
        setup.apply_environment()
        managed_connections.sync_environment_connection()
        self._code = setup.prepare_setup()
        names = list(LanguageModel.objects.values_list("name", flat=True))
        self._demo = DemoServer(models=names)
        # This thread runs the event loop from here on and no longer uses the database.
        connection.close()

    async def _start(self) -> None:
        await self._demo.start()
        await threads.run_write(
            managed_connections.sync_demo_connection, self._demo.base_url, self._demo.key
        )
        engine.ensure_started(schedule.background)
        _spare_the_collector()
        self._greet()

    async def _stop(self, grace: float) -> None:
        logger.info("Stopping")
        await engine.stop(grace)
        await self._demo.stop()

    def _greet(self) -> None:
        self.stdout.write(f"Chatsite is at {settings.PUBLIC_URL or _address()}  (Ctrl-C stops it)")
        if not settings.PUBLIC_URL and not _is_loopback(settings.HOST):
            self.stdout.write(
                "Other machines cannot open it yet: set PUBLIC_URL to the address that they use, "
                f"such as http://chat.example.org:{settings.PORT}"
            )
        if self._code:
            self.stdout.write(
                "There is nobody yet: open the address to make the first administrator. From "
                f"another machine it asks for this code, once: {self._code}"
            )
        self.stdout.flush()


def _spare_the_collector() -> None:
    """Make the garbage collector skip long-lived objects and run less often.

    With Python's defaults it took a tenth of a page's time, although nearly all objects of a
    request are freed by their reference counts.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTING)


def _address() -> str:
    host = "127.0.0.1" if settings.HOST in {"", "0.0.0.0", "::"} else settings.HOST  # noqa: S104 (compared, not bound)
    return f"http://[{host}]:{settings.PORT}" if ":" in host else f"http://{host}:{settings.PORT}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Lock DATA_DIR; the system releases the lock if the process is killed."""
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            message = (
                f"Another Chatsite already serves {folder}. Stop it, or set DATA_DIR to another "
                "folder."
            )
            raise CommandError(message) from error
        yield

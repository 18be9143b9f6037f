"""Databases for servers that tests start: a SQLite file, or a new one on PostgreSQL."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.db import connection
from psycopg import sql


def database_url(name: str) -> str:
    """Return the DATABASE_URL of the database ``name`` beside the tests' own database."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    place = connection.settings_dict
    login = f"{quote(place['USER'])}:{quote(place['PASSWORD'])}@" if place["USER"] else ""
    # Quoted, because a host may be the folder of a socket, whose slashes a URL cannot hold.
    return f"postgres://{login}{quote(place['HOST'], safe='')}:{place['PORT']}/{name}"


@contextlib.contextmanager
def new_database(folder: Path, template: str = "") -> Iterator[str]:
    """Yield the URL of a new database: empty, or a copy of the one whose URL is ``template``."""
    if connection.vendor == "sqlite":
        path = folder / "chatsite.sqlite3"
        if template:
            shutil.copy(template.removeprefix("sqlite:///"), path)
        yield database_url(str(path))
        return
    name = f"{connection.settings_dict['NAME']}_{uuid.uuid4().hex[:8]}"
    _administer("CREATE DATABASE {} TEMPLATE {}", name, template.rpartition("/")[2] or "template1")
    yield database_url(name)
    _administer("DROP DATABASE {} WITH (FORCE)", name)


def _administer(statement: str, *names: str) -> None:
    with psycopg.connect(database_url("postgres"), autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

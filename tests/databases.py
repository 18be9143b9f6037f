"""Databases for servers that tests start: a SQLite file, or one more on the PostgreSQL server."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection
from psycopg import sql


def database_url(name: str) -> str:
    """DATABASE_URL of the database ``name``, where the tests' own database is."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    place = connection.settings_dict
    login = f"{quote(place['USER'])}:{quote(place['PASSWORD'])}@" if place["USER"] else ""
    # A folder in place of a host is a socket's; quoted, a URL can hold it.
    return f"postgres://{login}{quote(place['HOST'], safe='')}:{place['PORT']}/{name}"


@pytest.fixture
def empty_database(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database without tables, for a server of the test's own."""
    if connection.vendor == "sqlite":
        yield database_url(str(tmp_path / "chatsite.sqlite3"))
        return
    # The name of the tests' own database is known once that exists.
    request.getfixturevalue("django_db_setup")
    name = f"{connection.settings_dict['NAME']}_{uuid.uuid4().hex[:8]}"
    _administer("CREATE DATABASE {}", name)
    yield database_url(name)
    _administer("DROP DATABASE {} WITH (FORCE)", name)


def _administer(statement: str, name: str) -> None:
    with psycopg.connect(database_url("postgres"), autocommit=True) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(name)))

"""Names that are unique for an owner, ignoring case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError

from conversations.database import transactions
from conversations.refusals import Refusal


class NameTakenError(Refusal):
    """The owner has another row of that name, created since the form was checked."""

    code = "name_taken"


@contextmanager
def write() -> Iterator[None]:
    """Open a write transaction; raise ``NameTakenError`` where a unique name is taken."""
    try:
        with transactions.write():
            yield
    except IntegrityError as error:
        raise NameTakenError from error

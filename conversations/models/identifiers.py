"""Primary keys: UUIDv7, which sort by time and do not reveal how many rows there are."""

from __future__ import annotations

import uuid

from django.db import models
from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """Return a new UUIDv7 (RFC 9562 § 5.7)."""
    identifier: uuid.UUID = uuid7()
    return identifier


def parse_id(text: str) -> uuid.UUID | None:
    """Return the id that a string holds; None if it holds none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class UuidModel(models.Model):
    """The base of tables whose primary key is a UUIDv7."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True

"""Ids: UUIDv7, so that rows sort by the time they were made and no id tells how many there are."""

from __future__ import annotations

import uuid

from django.db import models
from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """A new UUIDv7 (RFC 9562 § 5.7)."""
    identifier: uuid.UUID = uuid7()
    return identifier


def parse_id(text: str) -> uuid.UUID | None:
    """Return the id that a string holds; None if it holds none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class UuidModel(models.Model):
    """A table whose primary key is a UUIDv7."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True

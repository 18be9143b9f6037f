"""Keyset pagination: the time and the id of a page's last row, as text for a URL."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Key:
    """A position in a list by time, which stays valid when the row it names moves or is deleted."""

    moment: datetime.datetime
    id: uuid.UUID

    def __str__(self) -> str:
        return f"{(self.moment - EPOCH) // MICROSECOND}-{self.id.hex}"

    @classmethod
    def parse(cls, text: str) -> Key:
        """Parse a key. Raises ``ValueError``."""
        microseconds, _, row_id = text.partition("-")
        try:
            return cls(EPOCH + int(microseconds) * MICROSECOND, uuid.UUID(row_id))
        except (OverflowError, ValueError) as error:
            message = f"Not the key of a list: {text!r}"
            raise ValueError(message) from error

"""Where a page of a list ends: the moment and the id of its last row, as text for an address."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Key:
    """A place in a list by time. It stays where it is when the row that it names moves or goes."""

    moment: datetime.datetime
    id: uuid.UUID

    def __str__(self) -> str:
        return f"{(self.moment - EPOCH) // MICROSECOND}-{self.id.hex}"

    @classmethod
    def parse(cls, text: str) -> Key:
        """The key that was written as ``text``. Raises ValueError."""
        microseconds, _, row_id = text.partition("-")
        try:
            return cls(EPOCH + int(microseconds) * MICROSECOND, uuid.UUID(row_id))
        except (OverflowError, ValueError) as error:
            message = f"Not the key of a list: {text!r}"
            raise ValueError(message) from error

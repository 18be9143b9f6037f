"""What went over the wire for an answer: kept with its run, and erased with it."""

from __future__ import annotations

import zlib
from typing import Any, cast

import orjson
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.generations import Generation
from conversations.models.identifiers import UuidModel


class WireRecord(UuidModel):
    """One exchange of a run with its upstream. A run has one for each round; never with a key."""

    generation = models.ForeignKey(
        Generation, on_delete=models.CASCADE, related_name="wire_records"
    )
    # Which round of its run it was, from 0.
    position = models.PositiveSmallIntegerField(_("order"))
    # upstream/recording.py, Recording.account, as JSON, compressed: nothing looks into it.
    content = models.BinaryField()
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("wire record")
        verbose_name_plural = _("wire records")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["generation", "position"], name="wire_record_one_per_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.generation_id}: {self.position}"

    @property
    def account(self) -> dict[str, Any]:
        """What was kept."""
        return cast("dict[str, Any]", orjson.loads(zlib.decompress(self.content)))


def pack(account: dict[str, Any]) -> bytes:
    """The account as ``content`` holds it."""
    return zlib.compress(orjson.dumps(account), level=1)

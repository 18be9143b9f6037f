"""Wire records: the raw requests and responses of a run, stored and erased with it."""

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
    """One exchange of a run with its upstream, without the key. A run has one for each round."""

    generation = models.ForeignKey(
        Generation, on_delete=models.CASCADE, related_name="wire_records"
    )
    # The number of the round in its run, from 0.
    position = models.PositiveSmallIntegerField(_("order"))
    # JSON of `Recording.account` (`upstream/recording.py`), compressed, because no query reads it.
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
        """The decompressed record."""
        return cast("dict[str, Any]", orjson.loads(zlib.decompress(self.content)))


def pack(account: dict[str, Any]) -> bytes:
    """Compress a record for ``content``."""
    return zlib.compress(orjson.dumps(account), level=1)

"""The base of messages and of their copies in snapshots: parts, and their rendered HTML."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.rendering import stream
from conversations.upstream.answer import parts as part_kinds


class RenderedParts(models.Model):
    """A message's parts with the HTML that they were rendered to."""

    # A list of objects with a `type`; `upstream/answer/parts.py` defines them.
    parts: models.JSONField[list[dict[str, Any]]] = models.JSONField(_("parts"), default=list)
    # The HTML and the version of the renderer that made it; empty until the answer has ended.
    html = models.TextField(blank=True, editable=False)
    html_version = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def text(self) -> str:
        """The text without the reasoning."""
        return self._join("text")

    @property
    def reasoning(self) -> str:
        return self._join("reasoning")

    @property
    def finished_html(self) -> str:
        """The stored HTML, rendered again if another version of the renderer made it."""
        if self.html and self.html_version == stream.VERSION:
            return self.html
        return stream.render(self.text, self.pk)

    def _join(self, kind: str) -> str:
        return part_kinds.join(((part["type"], part.get("text", "")) for part in self.parts), kind)

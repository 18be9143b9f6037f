"""What a message of a conversation and its copy in a snapshot share: parts, and their HTML."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from conversations.rendering import stream
from conversations.upstream.answer import parts as part_kinds


class RenderedParts(models.Model):
    """Something that was said, with the finished HTML beside it."""

    # A list of objects with a ``type``: see conversations/upstream/answer/parts.py.
    parts: models.JSONField[list[dict[str, Any]]] = models.JSONField(_("parts"), default=list)
    # The finished HTML and the renderer's version that made it; empty until the answer ended.
    html = models.TextField(blank=True, editable=False)
    html_version = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def text(self) -> str:
        """What was said, without the reasoning."""
        return self._join("text")

    @property
    def reasoning(self) -> str:
        """What the model thought aloud."""
        return self._join("reasoning")

    @property
    def finished_html(self) -> str:
        """The HTML that is stored, or drawn anew where another renderer made it."""
        if self.html and self.html_version == stream.VERSION:
            return self.html
        return stream.render(self.text, self.pk)

    def _join(self, kind: str) -> str:
        return part_kinds.join(((part["type"], part.get("text", "")) for part in self.parts), kind)

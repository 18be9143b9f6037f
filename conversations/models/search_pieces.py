"""The search index: titles and messages, split into words."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from conversations.models.conversations import Conversation
from conversations.models.messages import Message


class SearchPiece(models.Model):
    """A title (``message`` is null), or a section of one message's text.

    The full-text index follows this table (`indexing/schema.py`): on SQLite by triggers, which a
    migration that changes the table must create again; on PostgreSQL by a generated column.
    """

    # A number and not a UUID, because FTS5 identifies rows by integers. It grows with time.
    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="+")
    # Offsets in the message's text.
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    # The first word is the scope (`indexing/writing.py: scope_of`), then come the folded words.
    words = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                name="search_piece_one_title",
                condition=Q(message=None),
            ),
        ]

    def __str__(self) -> str:
        return self.words[:80]

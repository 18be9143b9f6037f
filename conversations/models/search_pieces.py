"""What can be searched: titles and messages, split into words as the index takes them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from conversations.models.conversations import Conversation
from conversations.models.messages import Message


class SearchPiece(models.Model):
    """A title (no message), or a stretch of one message's text.

    The database keeps its index in step with this table (indexing/schema.py): by triggers on
    SQLite, which a migration that changes this table must make again; by a column on PostgreSQL.
    """

    # A number, not a UUID: SQLite's index knows rows by it, and a higher one was said later.
    id = models.BigAutoField(primary_key=True)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="+")
    # Where in the text it stands.
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    # First whose and what it is (indexing/writing.py: scope_of), then the folded words.
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

"""Messages: a tree by ``parent``; siblings are versions of the same turn."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.conversations import Conversation
from conversations.models.generations import Generation
from conversations.models.identifiers import Row
from conversations.models.said import Said


class Message(Row, Said):
    """What was said in one turn. The id of a user message is made by the browser."""

    class Role(models.TextChoices):
        """Who said it."""

        USER = "user", _("User")
        ASSISTANT = "assistant", _("Assistant")

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    # What was set for the answers to this message alone, by name; null: not sent, whoever sets it.
    parameters: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, editable=False)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created", "id"]
        constraints = [
            models.CheckConstraint(
                name="message_role", condition=Q(role__in=["user", "assistant"])
            ),
            models.CheckConstraint(
                name="message_not_its_own_parent", condition=~Q(parent=models.F("id"))
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def generation(self) -> Generation | None:
        """The newest run of this message; lists must prefetch ``generations``."""
        return max(self.generations.all(), key=lambda run: run.id, default=None)

    @property
    def status(self) -> str:
        """The newest run's status; a message without one (a person's) is complete."""
        run = self.generation
        return run.status if run else Generation.Status.COMPLETED

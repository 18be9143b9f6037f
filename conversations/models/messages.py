"""Messages: a tree by ``parent``; siblings are versions of the same turn."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.conversations import RETENTION, Conversation
from conversations.models.generations import Generation
from conversations.models.identifiers import UuidModel
from conversations.models.language_models import LanguageModel
from conversations.models.rendered import RenderedParts


class MessageQuerySet(models.QuerySet["Message"]):
    """What can be asked of many messages."""

    def visible(self) -> MessageQuerySet:
        """Those that were not deleted."""
        return self.filter(deleted_at=None)

    def overdue(self) -> MessageQuerySet:
        """Those that were deleted and are only waiting to be erased (upkeep/trash.py)."""
        return self.filter(deleted_at__lte=timezone.now() - RETENTION)


class Message(UuidModel, RenderedParts):
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
    # The model whose words these are where no run of ours made them: a copy, or what its person
    # rewrote; the name is kept when the row goes.
    model = models.ForeignKey(
        LanguageModel,
        verbose_name=_("model"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    model_name = models.CharField(_("model"), max_length=200, blank=True)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    # Of an answer: when its person rewrote it.
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    # Of all versions of a turn, the one that was shown last is shown again.
    shown_at = models.DateTimeField(default=timezone.now, editable=False)
    # Whatever follows a deleted message is deleted too, by the same moment if by the same act.
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created", "id"]
        indexes = [
            models.Index(
                fields=["deleted_at"],
                name="message_deleted",
                condition=Q(deleted_at__isnull=False),
            ),
        ]
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
    def model_label(self) -> str:
        """Under which name the model is shown whose words these are; "" for a person's."""
        run = self.generation
        if run is not None:
            return run.model_label
        return self.model.label if self.model else self.model_name

    @property
    def status(self) -> str:
        """The newest run's status; a message without one (a person's) is complete."""
        run = self.generation
        return run.status if run else Generation.Status.COMPLETED

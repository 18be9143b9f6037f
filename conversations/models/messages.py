"""Messages: a tree by ``parent``, in which siblings are versions of each other."""

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

# The key in ``Message.parameters`` of the name of a model that refused the images of the message.
NO_IMAGES_FOR = "no_images_for"


class MessageQuerySet(models.QuerySet["Message"]):
    def visible(self) -> MessageQuerySet:
        """Exclude deleted messages."""
        return self.filter(deleted_at=None)

    def overdue(self) -> MessageQuerySet:
        """Select deleted messages that `upkeep/trash.py` is to erase."""
        return self.filter(deleted_at__lte=timezone.now() - RETENTION)


class Message(UuidModel, RenderedParts):
    """A message of the user or the model. The browser makes the id of a user message."""

    class Role(models.TextChoices):
        USER = "user", _("User")
        ASSISTANT = "assistant", _("Assistant")

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    # Parameters for the answers to this message alone. Null means that it is not sent, even if
    # the conversation, a preset, the user or the team sets it.
    parameters: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, editable=False)
    # Set where no run of this message names the model: in a copy, or in an answer that the user
    # has edited. The name outlives the row.
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
    # Set on an answer that the user has edited.
    edited_at = models.DateTimeField(_("edited"), null=True, editable=False)
    # Of all versions, the one that was shown last is shown again.
    shown_at = models.DateTimeField(default=timezone.now, editable=False)
    # All that follows a deleted message is deleted too; what one action deletes has one time.
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
        return max(self.generations.all(), key=lambda run: run.id, default=None)

    @property
    def model_label(self) -> str:
        """The display name of the model that wrote the message; empty for a user message."""
        run = self.generation
        if run is not None:
            return run.model_label
        return self.model.label if self.model else self.model_name

    @property
    def status(self) -> str:
        """The status of the newest run; a message without a run is complete."""
        run = self.generation
        return run.status if run else Generation.Status.COMPLETED

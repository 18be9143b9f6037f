"""Conversations: a tree of messages that belongs to one person."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.connections import Connection
from conversations.models.identifiers import Row
from conversations.models.language_models import LanguageModel
from conversations.models.users import User


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """What can be asked of many conversations."""

    def visible(self) -> ConversationQuerySet:
        """Those that were not deleted."""
        return self.filter(deleted_at=None)


class Conversation(Row):
    """What one person and the models said to each other."""

    owner = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="conversations"
    )
    title = models.CharField(_("title"), max_length=200)
    model = models.ForeignKey(
        LanguageModel,
        verbose_name=_("model"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Set when the person chose between several that serve the model.
    connection = models.ForeignKey(
        Connection,
        verbose_name=_("connection"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The message at whose branch the page stands.
    leaf = models.ForeignKey(
        "Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Empty or null = not set: then nothing is sent and the API's default holds.
    system_prompt = models.TextField(_("system prompt"), blank=True)
    max_tokens = models.PositiveIntegerField(_("max tokens"), null=True, blank=True)
    temperature = models.FloatField(_("temperature"), null=True, blank=True)
    top_p = models.FloatField(_("top p"), null=True, blank=True)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    # The last message or answer: the order of the sidebar.
    active_at = models.DateTimeField(_("last active"), default=timezone.now)
    answered_at = models.DateTimeField(null=True, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-active_at", "-id"]
        indexes = [
            models.Index(
                F("owner"),
                F("active_at").desc(),
                F("id").desc(),
                name="conversation_sidebar",
                condition=Q(deleted_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="conversation_max_tokens", condition=Q(max_tokens=None) | Q(max_tokens__gte=1)
            ),
            models.CheckConstraint(
                name="conversation_temperature",
                condition=Q(temperature=None) | Q(temperature__gte=0, temperature__lte=2),
            ),
            models.CheckConstraint(
                name="conversation_top_p", condition=Q(top_p=None) | Q(top_p__gte=0, top_p__lte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_unread(self) -> bool:
        """Whether an answer ended that its person has not seen."""
        return self.answered_at is not None and (
            self.read_at is None or self.read_at < self.answered_at
        )

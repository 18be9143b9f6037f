"""The ledger: tokens of each request to an upstream. Its rows outlive the rows they name."""

from __future__ import annotations

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.connections import Connection
from conversations.models.conversations import Conversation
from conversations.models.generations import Generation
from conversations.models.identifiers import UuidModel
from conversations.models.language_models import LanguageModel
from conversations.models.prices import Price
from conversations.models.users import User


class UsageRecord(UuidModel):
    """One request to an upstream. Names are copies, so that they outlive the rows."""

    class Purpose(models.TextChoices):
        CHAT = "chat", _("Chat")
        TITLE = "title", _("Title")
        TOOL_ROUND = "tool_round", _("Tool call")
        IMAGE = "image", _("Image by a tool")

    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    person = models.ForeignKey(
        User, verbose_name=_("person"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    person_name = models.CharField(_("person"), max_length=254, blank=True)
    conversation = models.ForeignKey(
        Conversation, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    generation = models.ForeignKey(
        Generation, null=True, on_delete=models.SET_NULL, related_name="usage_records"
    )
    connection = models.ForeignKey(
        Connection, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    connection_name = models.CharField(_("connection"), max_length=100, blank=True)
    model = models.ForeignKey(LanguageModel, null=True, on_delete=models.SET_NULL, related_name="+")
    model_name = models.CharField(_("model"), max_length=200)
    # The version in force at the time of the request, so that later prices change no past cost.
    price = models.ForeignKey(
        Price,
        verbose_name=_("price"),
        null=True,
        on_delete=models.PROTECT,
        related_name="usage_records",
    )
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    total_tokens = models.PositiveIntegerField(default=0)
    reasoning_tokens = models.PositiveIntegerField(default=0)
    cached_tokens = models.PositiveIntegerField(default=0)
    # True if the upstream reported no usage, so that the figures are our estimate.
    is_estimated = models.BooleanField(default=False)
    created = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("usage record")
        verbose_name_plural = _("usage records")
        ordering = ["-id"]
        indexes = [
            models.Index(F("created"), name="usage_created"),
            models.Index(F("person"), F("created"), name="usage_person_created"),
        ]

    def __str__(self) -> str:
        return f"{self.model_name}: {self.total_tokens}"

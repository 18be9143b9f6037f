"""Generations: one run that produces one assistant message."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.connections import Connection
from conversations.models.identifiers import UuidModel
from conversations.models.language_models import LanguageModel


class Generation(UuidModel):
    """One run: its lease while it lives, its account when it has ended."""

    class Status(models.TextChoices):
        """Where the run stands (architecture § 4.2)."""

        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        AWAITING_APPROVAL = "awaiting_approval", _("Waiting for approval")
        COMPLETED = "completed", _("Completed")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")
        INTERRUPTED = "interrupted", _("Interrupted")

    # What a process runs or will; and what has not ended: also what rests until a person answers.
    UNDER_WAY = (Status.QUEUED, Status.RUNNING)
    ACTIVE = (*UNDER_WAY, Status.AWAITING_APPROVAL)

    message = models.ForeignKey("Message", on_delete=models.CASCADE, related_name="generations")
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.QUEUED)
    # The lease: the id of the process that runs it, and its last sign of life.
    lease_owner = models.UUIDField(null=True, editable=False)
    heartbeat = models.DateTimeField(db_default=Now(), editable=False)
    stop_requested_at = models.DateTimeField(null=True, editable=False)
    # The connection and model, and their names as they were, kept when the rows go.
    connection = models.ForeignKey(
        Connection, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    connection_name = models.CharField(_("connection"), max_length=100, blank=True)
    model = models.ForeignKey(LanguageModel, null=True, on_delete=models.SET_NULL, related_name="+")
    model_name = models.CharField(_("model"), max_length=200)
    # Where each parameter that was sent came from: {"temperature": {"value": 0.7, "source": …}}.
    parameters: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    first_delta_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    # A kind of conversations/upstream/errors.py, with the upstream's own words, masked.
    error_kind = models.CharField(_("error"), max_length=40, blank=True)
    error_status = models.PositiveSmallIntegerField(null=True, editable=False)
    error_detail = models.TextField(_("error detail"), blank=True)
    # When the upstream said that it may be asked again.
    retry_at = models.DateTimeField(null=True, editable=False)
    retries = models.PositiveSmallIntegerField(default=0)
    # As the upstream gave them (api/README.md 14).
    finish_reason = models.CharField(_("finish reason"), max_length=100, blank=True)
    request_id = models.CharField(_("request id"), max_length=200, blank=True)
    answering_model = models.CharField(_("answering model"), max_length=200, blank=True)
    prompt_tokens = models.PositiveIntegerField(null=True)
    completion_tokens = models.PositiveIntegerField(null=True)
    total_tokens = models.PositiveIntegerField(null=True)
    reasoning_tokens = models.PositiveIntegerField(null=True)
    cached_tokens = models.PositiveIntegerField(null=True)
    # The upstream told no usage: the figures are our estimate (api/README.md 4).
    is_usage_estimated = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("generation")
        verbose_name_plural = _("generations")
        ordering = ["id"]
        indexes = [
            # Of all, not of the active ones alone: SQLite takes a partial index only where the
            # statement's own text says the condition, and Django's has parameters there.
            models.Index(fields=["status"], name="generation_status"),
            models.Index(fields=["created"], name="generation_created"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["message"],
                name="generation_one_active_per_message",
                condition=Q(status__in=["queued", "running", "awaiting_approval"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_name} ({self.status})"

    @property
    def model_label(self) -> str:
        """The model under its name for display, which is kept when its row goes."""
        return self.model.label if self.model else self.model_name

    @property
    def is_whole(self) -> bool:
        """Whether the answer ended as it should; a stream of [DONE] alone names no reason."""
        return self.status == self.Status.COMPLETED and self.finish_reason in {"", "stop"}

    @property
    def is_active(self) -> bool:
        """Whether the answer is still on its way."""
        return self.status in self.ACTIVE

    @property
    def is_under_way(self) -> bool:
        """Whether more of the answer comes by itself."""
        return self.status in self.UNDER_WAY

    @property
    def can_continue(self) -> bool:
        """Whether the answer was cut off, by whomever, so that its rest can be asked for."""
        return not self.is_active and (
            self.status != self.Status.COMPLETED or self.finish_reason == "length"
        )

    @property
    def seconds(self) -> float | None:
        """How long the answer took, from the request to its end."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def seconds_to_first_delta(self) -> float | None:
        """How long the first word took."""
        if self.started_at is None or self.first_delta_at is None:
            return None
        return (self.first_delta_at - self.started_at).total_seconds()

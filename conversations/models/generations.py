"""Generations: each row is one run that produces an assistant message."""

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
    """One run: its lease while it is under way, its timing, usage and error when it has ended."""

    class Status(models.TextChoices):
        """The state of the run; `docs/architecture.md` describes it under "The engine"."""

        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        AWAITING_APPROVAL = "awaiting_approval", _("Waiting for approval")
        COMPLETED = "completed", _("Completed")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")
        INTERRUPTED = "interrupted", _("Interrupted")

    # UNDER_WAY: a process produces it, or will. ACTIVE: not ended, waiting for approval included.
    UNDER_WAY = (Status.QUEUED, Status.RUNNING)
    ACTIVE = (*UNDER_WAY, Status.AWAITING_APPROVAL)

    message = models.ForeignKey("Message", on_delete=models.CASCADE, related_name="generations")
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.QUEUED)
    # The lease: the id of the process that runs it, and its last sign of life.
    lease_owner = models.UUIDField(null=True, editable=False)
    heartbeat = models.DateTimeField(db_default=Now(), editable=False)
    stop_requested_at = models.DateTimeField(null=True, editable=False)
    # The names are copies, so that they outlive the rows.
    connection = models.ForeignKey(
        Connection, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    connection_name = models.CharField(_("connection"), max_length=100, blank=True)
    model = models.ForeignKey(LanguageModel, null=True, on_delete=models.SET_NULL, related_name="+")
    model_name = models.CharField(_("model"), max_length=200)
    # Each parameter that was sent, with its origin: {"temperature": {"value": 0.7, "source": …}}.
    parameters: models.JSONField[dict[str, Any]] = models.JSONField(default=dict, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    first_delta_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    # A kind of `upstream/errors.py`; `error_detail` has the upstream's own words, the key masked.
    error_kind = models.CharField(_("error"), max_length=40, blank=True)
    error_status = models.PositiveSmallIntegerField(null=True, editable=False)
    error_detail = models.TextField(_("error detail"), blank=True)
    # The time after which the upstream accepts another request, from its Retry-After.
    retry_at = models.DateTimeField(null=True, editable=False)
    retries = models.PositiveSmallIntegerField(default=0)
    # Copied from the response unchanged.
    finish_reason = models.CharField(_("finish reason"), max_length=100, blank=True)
    request_id = models.CharField(_("request id"), max_length=200, blank=True)
    answering_model = models.CharField(_("answering model"), max_length=200, blank=True)
    prompt_tokens = models.PositiveIntegerField(null=True)
    completion_tokens = models.PositiveIntegerField(null=True)
    total_tokens = models.PositiveIntegerField(null=True)
    reasoning_tokens = models.PositiveIntegerField(null=True)
    cached_tokens = models.PositiveIntegerField(null=True)
    # True if the upstream reported no usage, so that the figures are our estimate.
    is_usage_estimated = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("generation")
        verbose_name_plural = _("generations")
        ordering = ["id"]
        indexes = [
            # A full index, because SQLite uses a partial one only if its condition stands literally
            # in the statement, and Django sends it as parameters.
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
        """The model's display name, or its name in the API once its row is gone."""
        return self.model.label if self.model else self.model_name

    @property
    def is_whole(self) -> bool:
        """Whether the answer is complete; a stream that ends with [DONE] alone has no reason."""
        return self.status == self.Status.COMPLETED and self.finish_reason in {"", "stop"}

    @property
    def is_active(self) -> bool:
        """Whether the run has not ended; it may be waiting for approval."""
        return self.status in self.ACTIVE

    @property
    def is_under_way(self) -> bool:
        """Whether a process produces the answer, or is about to."""
        return self.status in self.UNDER_WAY

    @property
    def can_continue(self) -> bool:
        """Whether the answer was cut off for any reason, so that its rest can be requested."""
        return not self.is_active and (
            self.status != self.Status.COMPLETED or self.finish_reason == "length"
        )

    @property
    def seconds(self) -> float | None:
        """Seconds from the start of the run to its end."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def seconds_to_first_delta(self) -> float | None:
        """Seconds from the start of the run to the first delta."""
        if self.started_at is None or self.first_delta_at is None:
            return None
        return (self.first_delta_at - self.started_at).total_seconds()

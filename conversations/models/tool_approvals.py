"""Approvals: tool calls that wait for the user's decision, and the decisions."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.models.identifiers import UuidModel
from conversations.models.messages import Message


class ToolMode(models.TextChoices):
    """Whether a tool asks before it runs, in the order of strictness."""

    RUN = "run", _("Runs")
    ONCE = "once", _("Asks once")
    ALWAYS = "always", _("Always asks")
    OFF = "off", pgettext_lazy("a tool", "Off")


class ToolApproval(UuidModel):
    """A tool call that needs a decision, or has one."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a call of a tool", "Waiting")
        ALLOWED = "allowed", pgettext_lazy("a call of a tool", "Allowed")
        DENIED = "denied", pgettext_lazy("a call of a tool", "Denied")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="approvals")
    call_id = models.CharField(max_length=300)
    tool = models.CharField(_("tool"), max_length=200)
    # Written by the model; the user may edit them when allowing the call.
    arguments = models.TextField(_("arguments"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("tool approval")
        verbose_name_plural = _("tool approvals")
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["expires_at"],
                name="approval_waiting",
                condition=models.Q(state="waiting"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "call_id"], name="approval_one_for_each_call"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tool} ({self.state})"

"""Shared links: a snapshot of one branch for others to read, and the policy for opening it."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.conversations import Conversation
from conversations.models.identifiers import UuidModel
from conversations.models.messages import Message
from conversations.models.rendered import RenderedParts
from conversations.models.users import User


def new_token() -> str:
    """Return 256 random bits as 43 characters that fit in an address."""
    return secrets.token_urlsafe(32)


class SharingPolicy(UuidModel):
    """The audience of shared links. The newest row applies, also to links made before it."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Anyone with the link")
        TEAM = "team", _("Only people who are signed in here")
        OFF = "off", _("Nobody: sharing is off")

    audience = models.CharField(_("who can open links"), max_length=10, choices=Audience)
    set_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="sharing_policy_audience",
                condition=models.Q(audience__in=["public", "team", "off"]),
            ),
        ]

    def __str__(self) -> str:
        return self.audience

    @classmethod
    def in_force(cls) -> Audience:
        """Return the audience of the newest row; without one it is the team."""
        newest = cls.objects.order_by("-id").values_list("audience", flat=True).first()
        return cls.Audience(newest or cls.Audience.TEAM)


class ShareLink(UuidModel):
    """A link to a snapshot. Revoking a link deletes its row."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="share_links"
    )
    sharer = models.ForeignKey(User, on_delete=models.CASCADE, related_name="share_links")
    # Not hashed, so that the user can copy the link again; see
    # `docs/decisions/0006-shared-links.md`.
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    title = models.CharField(_("title"), max_length=200)
    # Hashed. Empty means that no password is needed.
    password = models.CharField(max_length=128, blank=True, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    created = models.DateTimeField(_("shared"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("shared link")
        verbose_name_plural = _("shared links")
        ordering = ["-id"]
        indexes = [models.Index(fields=["sharer", "-id"], name="share_link_list")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


class SharedMessage(UuidModel, RenderedParts):
    """A message as it was when it was shared, with the names of that time."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="messages")
    position = models.PositiveIntegerField()
    role = models.CharField(max_length=20, choices=Message.Role)
    speaker = models.CharField(max_length=254)
    # The model's name in the API, for readers who continue a copy of the conversation.
    model_name = models.CharField(max_length=200, blank=True)
    is_whole = models.BooleanField(default=True)
    created = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["link", "position"], name="shared_message_one_per_position"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

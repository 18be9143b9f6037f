"""Shared links: a snapshot of one branch that others can read, and who may open it."""

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
    """256 bits by chance, 43 characters of an address."""
    return secrets.token_urlsafe(32)


class SharingPolicy(UuidModel):
    """Who can open shared links: the newest row holds, for links that were made before it too."""

    class Audience(models.TextChoices):
        """Whom a link lets in."""

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
        """Whom links let in now. Until somebody decides, nothing leaves the team."""
        newest = cls.objects.order_by("-id").values_list("audience", flat=True).first()
        return cls.Audience(newest or cls.Audience.TEAM)


class ShareLink(UuidModel):
    """A link to a snapshot; a row that is deleted is a link that was revoked."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="share_links"
    )
    sharer = models.ForeignKey(User, on_delete=models.CASCADE, related_name="share_links")
    # In clear, so that its person can copy it again: docs/decisions says why that costs nothing.
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    title = models.CharField(_("title"), max_length=200)
    # Hashed; empty: none is asked.
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
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= timezone.now()


class SharedMessage(UuidModel, RenderedParts):
    """One turn as it was when it was shared; names are kept as they were."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="messages")
    position = models.PositiveIntegerField()
    role = models.CharField(max_length=20, choices=Message.Role)
    speaker = models.CharField(max_length=254)
    # The API's name of the model that answered, for who goes on with a copy.
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

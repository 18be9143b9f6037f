"""Attachments: files beside a message."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.models.identifiers import UuidModel
from conversations.models.messages import Message
from conversations.models.sharing import SharedMessage
from conversations.models.users import User

# Uploaded in the composer and not sent yet.
WAITING = Q(message=None, shared_message=None)


class Attachment(UuidModel):
    """A file of one user: beside a message, beside its copy in a snapshot, or in the composer.

    Beside an answer it is an image that a model made. The bytes are stored by
    `conversations/file_store.py` under ``digest``; the text extracted from them is in ``text``.
    """

    class Kind(models.TextChoices):
        """The form in which the file is sent to the model."""

        TEXT = "text", _("Text")
        IMAGE = "image", _("Image")

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="attachments")
    message = models.ForeignKey(
        Message, null=True, on_delete=models.CASCADE, related_name="attachments"
    )
    shared_message = models.ForeignKey(
        SharedMessage, null=True, on_delete=models.CASCADE, related_name="attachments"
    )
    name = models.CharField(pgettext_lazy("of a file", "name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    media_type = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, editable=False)
    # The digest of the small copy of an image that a model made (see `file_reading/images.py`).
    thumbnail = models.CharField(max_length=64, blank=True, editable=False)
    size = models.PositiveIntegerField(_("size in bytes"))
    text = models.TextField(blank=True, editable=False)
    # An estimate for `text`.
    tokens = models.PositiveIntegerField(default=0)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    # The order among the attachments of one message.
    position = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["position", "id"]
        indexes = [
            models.Index(F("digest"), name="attachment_digest"),
            models.Index(F("created"), name="attachment_waiting", condition=WAITING),
        ]
        constraints = [
            models.CheckConstraint(
                name="attachment_in_one_place", condition=Q(message=None) | Q(shared_message=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Whether it is shown and sent as an image."""
        return self.kind == self.Kind.IMAGE

    def copied_to(self, place: Message | SharedMessage, owner: User) -> Attachment:
        """Return an unsaved copy of the row for another message; the stored file is shared."""
        columns: dict[str, Any] = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.name not in {"id", "owner", "message", "shared_message", "created"}
        }
        columns["message" if isinstance(place, Message) else "shared_message"] = place
        return Attachment(owner=owner, **columns)

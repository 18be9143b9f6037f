"""Folders: where a person keeps conversations; one may stand in another, and no deeper."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.models.identifiers import UuidModel
from conversations.models.users import User


class Folder(UuidModel):
    """A place in one person's list. What it may stand in, actions/folders.py sees to."""

    owner = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="folders"
    )
    name = models.CharField(pgettext_lazy("of a folder", "name"), max_length=100)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    # For the chats in it that set none themselves, nor have a preset that does.
    system_prompt = models.TextField(_("system prompt"), blank=True)
    # Among those with the same parent, from 0.
    position = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("folder")
        verbose_name_plural = _("folders")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="folder_not_its_own_parent",
                condition=Q(parent=None) | ~Q(parent=models.F("id")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def prompt(self) -> str:
        """What holds in it: its own system prompt, else that of the folder it stands in."""
        outer = self.parent.system_prompt if self.parent else ""
        return self.system_prompt or outer

"""Folders of conversations, nested at most once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.models.identifiers import UuidModel
from conversations.models.users import User


class Folder(UuidModel):
    """A folder in a user's sidebar. `actions/folders.py` limits the nesting."""

    owner = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="folders"
    )
    name = models.CharField(pgettext_lazy("of a folder", "name"), max_length=100)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    # For the conversations in it that set none themselves and have no preset that does.
    system_prompt = models.TextField(_("system prompt"), blank=True)
    # Counts from 0 among the folders with the same parent.
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
        """The effective system prompt: its own, else its parent's."""
        outer = self.parent.system_prompt if self.parent else ""
        return self.system_prompt or outer

"""Prompt snippets: reusable text with variables to fill in."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.models.identifiers import UuidModel
from conversations.models.users import User


class Snippet(UuidModel):
    """A user's own snippet, or the team's. ``{{word}}`` in its text is a variable."""

    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="snippets"
    )
    name = models.CharField(pgettext_lazy("of a prompt snippet", "name"), max_length=60)
    text = models.TextField(_("text"))
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("prompt snippet")
        verbose_name_plural = _("prompt snippets")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "owner",
                name="snippet_name_of_owner",
                violation_error_message=_("There is already a snippet with this name."),
            ),
            models.UniqueConstraint(
                Lower("name"),
                name="snippet_name_of_team",
                condition=models.Q(owner=None),
                violation_error_message=_("The team already has a snippet with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_team(self) -> bool:
        """Whether every user may use it."""
        return self.owner_id is None

"""Presets: a named combination of a model, a system prompt and parameters."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.models.identifiers import UuidModel
from conversations.models.language_models import LanguageModel
from conversations.models.parameters import ParameterSet, parameter_ranges
from conversations.models.users import User


class Preset(UuidModel, ParameterSet):
    """A user's own preset, or the team's when it has no owner."""

    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="presets"
    )
    name = models.CharField(pgettext_lazy("of a preset", "name"), max_length=100)
    # The model of conversations that begin with it; null means the user's default.
    model = models.ForeignKey(
        LanguageModel,
        verbose_name=_("model"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("preset")
        verbose_name_plural = _("presets")
        ordering = ["name", "id"]
        constraints = [
            *parameter_ranges(),
            models.UniqueConstraint(
                Lower("name"),
                "owner",
                name="preset_name_of_owner",
                violation_error_message=_("There is already a preset with this name."),
            ),
            models.UniqueConstraint(
                Lower("name"),
                name="preset_name_of_team",
                condition=models.Q(owner=None),
                violation_error_message=_("The team already has a preset with this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_team(self) -> bool:
        """Whether every user may choose it."""
        return self.owner_id is None

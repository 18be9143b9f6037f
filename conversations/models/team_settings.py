"""Settings of the whole team, in one row that administrators change."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conversations.models.identifiers import UuidModel
from conversations.models.language_models import LanguageModel
from conversations.models.parameters import ParameterSet, parameter_ranges


class TeamSettings(UuidModel, ParameterSet):
    """The team's default parameters, the modes of tools, and the naming of conversations."""

    class Titles(models.TextChoices):
        """The source of a new conversation's title."""

        WORDS = "words", _("First words of the message")
        SAME = "same", _("Written by the chat’s own model")
        CHOSEN = "chosen", _("Written by this model:")

    # True and unique, so that there is only one row.
    is_the_only = models.BooleanField(default=True, editable=False, unique=True)
    # Values of ToolMode by the names of tools. Users may be stricter.
    tool_modes: models.JSONField[dict[str, str]] = models.JSONField(default=dict, editable=False)
    titles = models.CharField(_("titles"), max_length=10, choices=Titles, default=Titles.WORDS)
    title_model = models.ForeignKey(
        LanguageModel,
        verbose_name=_("model for titles"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    class Meta:
        verbose_name = _("team settings")
        verbose_name_plural = _("team settings")
        constraints = [
            *parameter_ranges(),
            models.CheckConstraint(name="team_settings_is_the_only", condition=Q(is_the_only=True)),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

"""Parameters of requests, as a conversation, a preset, a user and the team can set them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ParameterSet(models.Model):
    """The parameters that the API documents. Empty or null means not set, and is not sent."""

    system_prompt = models.TextField(_("system prompt"), blank=True)
    max_tokens = models.PositiveIntegerField(_("max tokens"), null=True, blank=True)
    temperature = models.FloatField(_("temperature"), null=True, blank=True)
    top_p = models.FloatField(_("top p"), null=True, blank=True)
    stream = models.BooleanField(_("stream replies"), null=True, blank=True)
    # `tools` offers the tools; `tool_choice` is auto, none, required or the name of a tool.
    tools = models.BooleanField(_("tools"), null=True, blank=True)
    tool_choice = models.CharField(_("tool choice"), max_length=64, blank=True)

    TEXTS = ("system_prompt", "tool_choice")
    NAMES = (*TEXTS, "max_tokens", "temperature", "top_p", "stream", "tools")

    class Meta:
        abstract = True


def parameter_ranges() -> list[models.BaseConstraint]:
    """Return the ranges that the API documents, for the Meta of a model with the parameters."""
    return [
        models.CheckConstraint(
            name="%(class)s_max_tokens", condition=Q(max_tokens=None) | Q(max_tokens__gte=1)
        ),
        models.CheckConstraint(
            name="%(class)s_temperature",
            condition=Q(temperature=None) | Q(temperature__gte=0, temperature__lte=2),
        ),
        models.CheckConstraint(
            name="%(class)s_top_p", condition=Q(top_p=None) | Q(top_p__gte=0, top_p__lte=1)
        ),
    ]

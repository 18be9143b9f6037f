"""Placeholders of parameter fields: the inherited value, and its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conversations.forms.parameters import TOOL_CHOICES
from conversations.models import Preset
from conversations.queries.parameters import ParameterSource, Setting

EXCERPT = 80


def hints_for(settings: Mapping[str, Setting], preset: Preset | None) -> dict[str, str]:
    """Return a placeholder for each inherited parameter."""
    return {name: _hint(name, setting, preset) for name, setting in settings.items()}


def _hint(name: str, setting: Setting, preset: Preset | None) -> str:
    return pgettext("a parameter's value, and whose it is", "%(value)s (%(source)s)") % {
        "value": _formatted(name, setting.value),
        "source": _source(setting.source, preset),
    }


def _formatted(name: str, value: Any) -> str:
    if name == "system_prompt":
        return Truncator(" ".join(value.split())).chars(EXCERPT)
    if name == "stream":
        word = "As it is written" if value else "In one piece"
        return pgettext("how a reply arrives", word)
    if name == "tools":
        return pgettext("tools", "On" if value else "Off")
    if name == "tool_choice":
        return str(dict(TOOL_CHOICES).get(value, value))
    return str(number_format(value))


def _source(source: ParameterSource, preset: Preset | None) -> str:
    if source is ParameterSource.PRESET and preset is not None:
        return _("preset “%(name)s”") % {"name": preset.name}
    if source is ParameterSource.FOLDER:
        return _("the folder’s")
    return _("your default") if source is ParameterSource.PERSON else _("the team’s default")

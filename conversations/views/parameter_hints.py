"""What stands in a parameter's empty field: the value that holds all the same, and whose it is."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conversations.models import Folder, Preset, User
from conversations.queries.parameters import Setting, Source, inherited

EXCERPT = 80


def hints_for(user: User, preset: Preset | None, folder: Folder | None) -> dict[str, str]:
    """What to show for each parameter that somebody farther away sets."""
    settings = inherited(user, preset, folder)
    return {name: _hint(name, setting, preset) for name, setting in settings.items()}


def _hint(name: str, setting: Setting, preset: Preset | None) -> str:
    return pgettext("a parameter's value, and whose it is", "%(value)s (%(source)s)") % {
        "value": _shown(name, setting.value),
        "source": _source(setting.source, preset),
    }


def _shown(name: str, value: Any) -> str:
    if name == "system_prompt":
        return Truncator(" ".join(value.split())).chars(EXCERPT)
    if name == "stream":
        word = "As it is written" if value else "In one piece"
        return pgettext("how a reply arrives", word)
    return str(number_format(value))


def _source(source: Source, preset: Preset | None) -> str:
    if source is Source.PRESET and preset is not None:
        return _("preset “%(name)s”") % {"name": preset.name}
    if source is Source.FOLDER:
        return _("the folder’s")
    return _("your default") if source is Source.PERSON else _("the team’s default")

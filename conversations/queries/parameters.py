"""Which parameters hold for an answer: the nearest level that sets one wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from conversations.database.compiled_queries import CompiledQuery
from conversations.models import Conversation, Folder, Message, Preset, TeamSettings, User
from conversations.models.parameters import ParameterSet

NAMES = ParameterSet.NAMES


class ParameterSource(StrEnum):
    """Who sets a parameter, the nearest first."""

    MESSAGE = "message"
    CONVERSATION = "conversation"
    PRESET = "preset"
    FOLDER = "folder"
    PERSON = "person"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that holds, and whose it is."""

    value: Any
    source: ParameterSource


_team_settings = CompiledQuery[TeamSettings](
    lambda: TeamSettings.objects.select_related("title_model").order_by("pk")
)


def team_settings() -> TeamSettings:
    """The team's row; until somebody has decided anything, one that sets nothing."""
    return _team_settings.first() or TeamSettings()


def for_answer(
    conversation: Conversation, message: Message | None, *, team: TeamSettings
) -> dict[str, Setting]:
    """What goes out with an answer to ``message``: only what somebody set."""
    own = message.parameters if message else {}
    levels = {ParameterSource.MESSAGE: own, ParameterSource.CONVERSATION: _set_by(conversation)}
    owner, preset, folder = conversation.owner, conversation.preset, conversation.folder
    farther = _farther(owner, preset, folder, team)
    return _nearest(levels | farther)


def inherited(
    user: User, preset: Preset | None, folder: Folder | None, *, team: TeamSettings
) -> dict[str, Setting]:
    """What holds where a conversation with that preset, in that folder, sets nothing itself."""
    return _nearest(_farther(user, preset, folder, team))


def from_team() -> dict[str, Setting]:
    """What holds for a person who sets nothing."""
    return _nearest({ParameterSource.TEAM: _set_by(team_settings())})


def _farther(
    user: User, preset: Preset | None, folder: Folder | None, team: TeamSettings
) -> dict[ParameterSource, Mapping[str, Any]]:
    in_folder = {"system_prompt": folder.prompt} if folder and folder.prompt else {}
    return {
        ParameterSource.PRESET: _set_by(preset) if preset else {},
        ParameterSource.FOLDER: in_folder,
        ParameterSource.PERSON: _set_by(user),
        ParameterSource.TEAM: _set_by(team),
    }


def _set_by(row: ParameterSet) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in NAMES}
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _nearest(levels: Mapping[ParameterSource, Mapping[str, Any]]) -> dict[str, Setting]:
    """A level that names a parameter as None says that it is not sent, whoever sets it."""
    found: dict[str, Setting] = {}
    for source, values in reversed(list(levels.items())):
        found |= {name: Setting(value, source) for name, value in values.items()}
    return {name: setting for name, setting in found.items() if setting.value is not None}

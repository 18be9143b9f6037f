"""The parameters of an answer: the nearest level that sets one wins."""

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
    """The levels that can set a parameter, nearest first."""

    MESSAGE = "message"
    CONVERSATION = "conversation"
    PRESET = "preset"
    FOLDER = "folder"
    PERSON = "person"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Setting:
    """A value in force, and the level that sets it."""

    value: Any
    source: ParameterSource


_team_settings = CompiledQuery[TeamSettings](
    lambda: TeamSettings.objects.select_related("title_model").order_by("pk")
)


def team_settings() -> TeamSettings:
    """Return the team's row, or an unsaved one that sets nothing."""
    return _team_settings.first() or TeamSettings()


def for_answer(
    conversation: Conversation, message: Message | None, *, team: TeamSettings
) -> dict[str, Setting]:
    """Return the parameters of an answer to ``message``; only those that some level sets."""
    own = message.parameters if message else {}
    levels = {ParameterSource.MESSAGE: own, ParameterSource.CONVERSATION: _set_by(conversation)}
    owner, preset, folder = conversation.owner, conversation.preset, conversation.folder
    farther = _farther(owner, preset, folder, team)
    return _nearest(levels | farther)


def inherited(
    user: User, preset: Preset | None, folder: Folder | None, *, team: TeamSettings
) -> dict[str, Setting]:
    """Return the parameters in force where a conversation with that preset and folder sets none."""
    return _nearest(_farther(user, preset, folder, team))


def from_team() -> dict[str, Setting]:
    """Return the parameters in force for a user who sets none."""
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
    """Merge the levels; None at a level keeps the parameter from being sent."""
    found: dict[str, Setting] = {}
    for source, values in reversed(list(levels.items())):
        found |= {name: Setting(value, source) for name, value in values.items()}
    return {name: setting for name, setting in found.items() if setting.value is not None}

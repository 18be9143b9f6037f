"""The switches of tools beside a message: which are on in the conversation, and their modes."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from conversations.actions.messages import ToolSwitches
from conversations.models import Conversation, Preset, ToolMode, User
from conversations.queries.parameters import inherited, team_settings

# All tools that the page has a switch for, as ``name:shown:default``; and the names of those on.
OFFERED, ON = "tools_offered", "tool"
PREFIX = "mode_"
_OFF = ToolMode.OFF.value
_ASKING = frozenset({ToolMode.RUN.value, ToolMode.ONCE.value, ToolMode.ALWAYS.value})


@dataclass(frozen=True, slots=True)
class Switch:
    """A tool on the page: the mode chosen, the one that the page had shown, and the default."""

    name: str
    chosen: str
    shown: str
    default: str


def switches_in(
    data: QueryDict, user: User, conversation: Conversation | None, preset: Preset | None
) -> ToolSwitches | None:
    """Read the switches; None from a page on which nobody has changed one.

    A switch that was not changed leaves what another page, or an answer to a question, has stored.
    ``preset``: that of a conversation that begins with this message.
    """
    switches = [_switch(data, each) for each in data.get(OFFERED, "").split()]
    if all(switch.chosen == switch.shown for switch in switches):
        return None
    preset = conversation.preset if conversation else preset
    setting = inherited(user, preset, None, team=team_settings()).get("tools")
    usual = setting is None or bool(setting.value)
    own = conversation.tools if conversation else None
    modes = dict(conversation.tool_modes) if conversation else {}
    if all(switch.chosen == _OFF for switch in switches):
        return ToolSwitches(False if usual else None, modes)
    are_on = usual if own is None else own
    for switch in switches:
        if are_on and switch.chosen == switch.shown:
            continue
        modes[switch.name] = switch.chosen
        if switch.chosen == switch.default:
            del modes[switch.name]
    return ToolSwitches(None if usual else True, modes)


def _switch(data: QueryDict, offered: str) -> Switch:
    name, shown, default = (*offered.split(":"), "", "")[:3]
    mode = data.get(PREFIX + name, "")
    if name not in data.getlist(ON):
        return Switch(name, _OFF, shown, default)
    return Switch(name, mode if mode in _ASKING else shown, shown, default)

"""The switches of tools beside a message: which are on in the conversation, and their modes."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import QueryDict

from conversations.actions.messages import ToolSwitches
from conversations.models import Conversation, Preset, ToolMode, User
from conversations.queries.http_tools import usable_tools
from conversations.queries.parameters import inherited, team_settings
from conversations.queries.tool_modes import ToolRule, rules_for

# The names of all tools that the page has a switch for, and of those that are on.
OFFERED, ON = "tools_offered", "tool"
PREFIX = "mode_"


def switches_in(
    data: QueryDict, user: User, conversation: Conversation | None, preset: Preset | None
) -> ToolSwitches | None:
    """Read the switches; None from a page without them, which changes nothing.

    ``preset``: that of a conversation that begins with this message.
    """
    offered = data.get(OFFERED, "").split()
    if not offered:
        return None
    team = team_settings()
    made = usable_tools(user)
    preset = conversation.preset if conversation else preset
    setting = inherited(user, preset, None, team=team).get("tools")
    are_on_by_default = setting is None or setting.value
    on = set(data.getlist(ON)).intersection(offered)
    if not on:
        return ToolSwitches(False if are_on_by_default else None, _stored(conversation))
    rules = rules_for(user, offered, team=team, made=made)
    chosen = {name: _mode(data, name) if name in on else ToolMode.OFF.value for name in offered}
    return ToolSwitches(None if are_on_by_default else True, _differing(chosen, rules))


def _stored(conversation: Conversation | None) -> dict[str, str]:
    return dict(conversation.tool_modes) if conversation else {}


def _mode(data: QueryDict, name: str) -> str:
    """Return the mode that was chosen; "" where the team leaves no choice."""
    mode = data.get(PREFIX + name, "")
    return mode if mode in {ToolMode.RUN, ToolMode.ONCE, ToolMode.ALWAYS} else ""


def _differing(chosen: Mapping[str, str], rules: Mapping[str, ToolRule]) -> dict[str, str]:
    """Return the modes that are not the usual ones, so that the others follow their defaults."""
    usual = {name: rule.usual.value for name, rule in rules.items()}
    wanted = {name: mode or _on(rules[name]) for name, mode in chosen.items()}
    return {name: mode for name, mode in wanted.items() if mode != usual[name]}


def _on(rule: ToolRule) -> str:
    """Return the mode of a tool that is on although its user has it off."""
    return (rule.floor if rule.usual == ToolMode.OFF else rule.usual).value

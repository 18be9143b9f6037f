"""Whether somebody is asked before a tool runs: the strictest of tool, team and person holds."""

from __future__ import annotations

from conversations.models import Conversation, ToolApproval, ToolMode, User
from conversations.queries.http_tools import usable_tools
from conversations.queries.parameters import team_settings

_STRICTNESS = {mode: number for number, mode in enumerate(ToolMode.values)}


def mode_of(name: str, user: User, team: dict[str, str], own: str = ToolMode.RUN.value) -> str:
    """The mode of one tool, where ``own`` is what it says of itself.

    Built-in ones run until somebody says otherwise.
    """
    said = (own, *(modes.get(name, ToolMode.RUN.value) for modes in (user.tool_modes, team)))
    return max(said, key=lambda mode: _STRICTNESS.get(mode, 0))


def held_in(conversation: Conversation, names: list[str]) -> frozenset[str]:
    """The tools about which this conversation's person is to be asked before they run."""
    user, team = conversation.owner, team_settings().tool_modes
    own = {row.name: row.own_mode.value for row in usable_tools(user)}
    modes = {name: mode_of(name, user, team, own.get(name, ToolMode.RUN.value)) for name in names}
    held = {name for name, mode in modes.items() if mode != ToolMode.RUN}
    once = {name for name in held if modes[name] == ToolMode.ONCE}
    if once:
        allowed = ToolApproval.objects.filter(
            message__conversation=conversation, state=ToolApproval.State.ALLOWED, tool__in=once
        )
        held -= set(allowed.values_list("tool", flat=True))
    return frozenset(held)

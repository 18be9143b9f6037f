"""Approval of tools: the strictest mode of tool, team and user is in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from conversations.models import Conversation, TeamSettings, ToolApproval, ToolMode, User
from conversations.queries.http_tools import usable_tools

_STRICTNESS = {mode: number for number, mode in enumerate(ToolMode.values)}


def mode_of(name: str, user: User, team: dict[str, str], own: str = ToolMode.RUN.value) -> str:
    """Return the mode of a tool; ``own`` is the mode that the tool itself sets.

    Built-in tools run unless a user or the team says otherwise.
    """
    said = (own, *(modes.get(name, ToolMode.RUN.value) for modes in (user.tool_modes, team)))
    return max(said, key=lambda mode: _STRICTNESS.get(mode, 0))


def modes_in(user: User, names: Iterable[str], *, team: TeamSettings) -> dict[str, str]:
    """Return the mode of each of these tools in the user's conversations."""
    own = {row.name: row.own_mode.value for row in usable_tools(user)}
    modes = team.tool_modes
    return {name: mode_of(name, user, modes, own.get(name, ToolMode.RUN.value)) for name in names}


def switched_off(user: User, team: TeamSettings) -> frozenset[str]:
    """Return the names of the tools that the user or the team has switched off."""
    said = (user.tool_modes, team.tool_modes)
    off = ToolMode.OFF.value
    return frozenset(name for modes in said for name, mode in modes.items() if mode == off)


def held_in(
    conversation: Conversation, names: Collection[str], *, team: TeamSettings
) -> frozenset[str]:
    """Return the tools that need approval in this conversation before they run."""
    if not names:
        return frozenset()
    modes = modes_in(conversation.owner, names, team=team)
    held = {name for name, mode in modes.items() if mode != ToolMode.RUN}
    once = {name for name in held if modes[name] == ToolMode.ONCE}
    if once:
        held -= _allowed_in(conversation, once)
    return frozenset(held)


def _allowed_in(conversation: Conversation, names: Iterable[str]) -> set[str]:
    """Return the tools that were allowed here and have not been changed since."""
    since = {row.name: row.changed_at for row in usable_tools(conversation.owner)}
    allowed = ToolApproval.objects.filter(
        message__conversation=conversation, state=ToolApproval.State.ALLOWED, tool__in=names
    )
    return {
        row.tool
        for row in allowed
        if row.decided_at and row.decided_at >= since.get(row.tool, row.decided_at)
    }

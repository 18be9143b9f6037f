"""The mode of each tool in a conversation: whether it is offered, and whether it asks first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from conversations.models import Conversation, HttpTool, TeamSettings, ToolApproval, ToolMode, User
from conversations.queries.http_tools import usable_tools
from conversations.tools import calculator, clock

_STRICTNESS = {mode: number for number, mode in enumerate(ToolMode)}
# Nothing that these tools do reaches anybody, or costs anything.
UNASKED = frozenset({clock.NAME, calculator.NAME})


@dataclass(frozen=True, slots=True)
class ToolRule:
    """The modes of a tool for a user.

    ``floor`` is the team's: no conversation is less strict. ``usual`` is in force where the
    conversation sets none.
    """

    floor: ToolMode
    usual: ToolMode

    def mode(self, chosen: str = "") -> ToolMode:
        """Return the mode in a conversation that has ``chosen`` one; "" for none."""
        return strictest(self.floor, ToolMode(chosen) if chosen else self.usual)


def strictest(*modes: ToolMode) -> ToolMode:
    return max(modes, key=lambda mode: _STRICTNESS[mode])


def usual_of(name: str) -> ToolMode:
    """Return the mode of a built-in tool that nobody has set one for."""
    return ToolMode.RUN if name in UNASKED else ToolMode.ONCE


def rules_for(
    user: User, names: Iterable[str], *, team: TeamSettings, made: Iterable[HttpTool]
) -> dict[str, ToolRule]:
    """Return the rule of each of these tools; ``made`` are the HTTP tools of the user."""
    rows = {row.name: row for row in made}
    return {name: _rule(name, rows.get(name), user.tool_modes, team.tool_modes) for name in names}


def _rule(
    name: str, row: HttpTool | None, own: Mapping[str, str], team: Mapping[str, str]
) -> ToolRule:
    """Return the rule: the strictest of tool, team and person.

    A mode that an administrator has set on a team tool is the team's.
    """
    said = _read(own.get(name))
    floor = _read(team.get(name)) or ToolMode.RUN
    if row is None:
        return ToolRule(floor, strictest(floor, said or usual_of(name)))
    if row.is_team and row.mode:
        floor = strictest(floor, row.own_mode)
    return ToolRule(floor, strictest(floor, row.own_mode, said or ToolMode.RUN))


def _read(stored: str | None) -> ToolMode | None:
    return ToolMode(stored) if stored in ToolMode.values else None


def modes_in(
    conversation: Conversation,
    names: Iterable[str],
    *,
    team: TeamSettings,
    made: Iterable[HttpTool] | None = None,
) -> dict[str, ToolMode]:
    """Return the mode of each of these tools in a conversation."""
    rows = usable_tools(conversation.owner) if made is None else made
    rules = rules_for(conversation.owner, names, team=team, made=rows)
    return {name: rule.mode(chosen_in(conversation, name)) for name, rule in rules.items()}


def chosen_in(conversation: Conversation | None, name: str) -> str:
    """Return the mode that a conversation sets for a tool, or ""."""
    chosen = conversation.tool_modes.get(name, "") if conversation else ""
    return chosen if chosen in ToolMode.values else ""


def held_in(
    conversation: Conversation,
    names: Collection[str],
    *,
    team: TeamSettings,
    made: Iterable[HttpTool] | None = None,
) -> frozenset[str]:
    """Return the tools that need approval in this conversation before they run."""
    if not names:
        return frozenset()
    rows = usable_tools(conversation.owner) if made is None else list(made)
    modes = modes_in(conversation, names, team=team, made=rows)
    held = {name for name, mode in modes.items() if mode != ToolMode.RUN}
    once = {name for name in held if modes[name] == ToolMode.ONCE}
    if once:
        held -= _allowed_in(conversation, once, rows)
    return frozenset(held)


def _allowed_in(
    conversation: Conversation, names: Iterable[str], made: Iterable[HttpTool]
) -> set[str]:
    """Return the tools that were allowed here and have not been changed since."""
    since = {row.name: row.changed_at for row in made}
    allowed = ToolApproval.objects.filter(
        message__conversation=conversation, state=ToolApproval.State.ALLOWED, tool__in=names
    )
    return {
        row.tool
        for row in allowed
        if row.decided_at and row.decided_at >= since.get(row.tool, row.decided_at)
    }

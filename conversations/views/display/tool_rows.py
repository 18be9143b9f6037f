"""The rows of the composer's menu of tools: a switch and a mode for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from conversations.generation.images import make_image
from conversations.generation.tool_calls import toolbox
from conversations.models import Conversation, HttpTool, TeamSettings, ToolMode, User
from conversations.presentation.tool_names import HINTS, LABELS
from conversations.queries.parameters import Setting
from conversations.queries.tool_modes import ToolRule, chosen_in, rules_for, strictest, usual_of
from conversations.tools import calculator, clock, web_page

Text = str | Promise
_ICONS = {
    clock.NAME: "clock",
    calculator.NAME: "calc",
    toolbox.SEARCH: "chat",
    web_page.NAME: "globe",
    make_image.NAME: "image",
}
_ASKING = (ToolMode.RUN, ToolMode.ONCE, ToolMode.ALWAYS)


@dataclass(frozen=True, slots=True)
class ToolRow:
    """A tool in the menu.

    ``default`` is its mode where the conversation sets none, ``usual`` the one that "Use my
    defaults" puts back, "" for off.
    """

    name: str
    label: Text
    hint: Text
    host: str
    icon: str
    is_on: bool
    mode: ToolMode
    is_held: bool
    choices: list[tuple[str, Text]]
    default: str
    usual: str

    @property
    def shown(self) -> str:
        return self.mode.value if self.is_on else ToolMode.OFF.value


@dataclass(frozen=True, slots=True)
class ToolGroup:
    """A heading, "" for the built-in tools, and its rows."""

    label: str
    rows: list[ToolRow]


@dataclass(frozen=True, slots=True)
class ToolMenu:
    """The tools of a conversation, as its composer shows them."""

    groups: list[ToolGroup]

    @property
    def rows(self) -> list[ToolRow]:
        return [row for group in self.groups for row in group.rows]

    @property
    def offered(self) -> str:
        """All tools with what the page shows and their defaults, for forms/tool_switches.py."""
        return " ".join(f"{row.name}:{row.shown}:{row.default}" for row in self.rows)

    @property
    def count_on(self) -> int:
        return sum(row.is_on for row in self.rows)

    @property
    def choices(self) -> list[tuple[str, Text]]:
        """The names and labels of the tools, for the choice of one that must be called."""
        return [(row.name, row.label) for row in self.rows]


def tool_menu(
    user: User,
    conversation: Conversation | None,
    settings_beyond: Mapping[str, Setting],
    *,
    team: TeamSettings,
    made: list[HttpTool],
) -> ToolMenu:
    """Return the menu; tools that the team has switched off are left out."""
    setting = settings_beyond.get("tools")
    are_usual = setting is None or bool(setting.value)
    own = conversation.tools if conversation else None
    states = ToolStates(conversation, are_usual if own is None else own, are_usual=are_usual)
    rules = rules_for(user, [*LABELS, *(row.name for row in made)], team=team, made=made)
    built_in = [
        states.row(name, (label, HINTS[name]), rules[name]) for name, label in LABELS.items()
    ]
    added = [
        (tool, states.row(tool.name, (tool.name, tool.description), rules[tool.name], tool))
        for tool in made
        if tool.name not in LABELS
    ]
    return ToolMenu(list(_groups(built_in, added)))


@dataclass(frozen=True, slots=True)
class ToolStates:
    """The states of tools in a conversation; ``are_on``: whether any tool may be on."""

    conversation: Conversation | None
    are_on: bool
    are_usual: bool

    def row(
        self, name: str, words: tuple[Text, Text], rule: ToolRule, tool: HttpTool | None = None
    ) -> ToolRow | None:
        """Return a tool's row; None where the team has switched it off."""
        if rule.floor == ToolMode.OFF:
            return None
        chosen = rule.mode(chosen_in(self.conversation, name))
        mode = _when_on(rule, name, tool) if chosen == ToolMode.OFF else chosen
        choices = [each for each in _ASKING if strictest(each, rule.floor) == each]
        return ToolRow(
            name=name,
            label=words[0],
            hint=words[1],
            host=urlsplit(tool.url_template).netloc if tool else "",
            icon="plug" if tool else _ICONS[name],
            is_on=self.are_on and chosen != ToolMode.OFF,
            mode=mode,
            is_held=mode == rule.floor != ToolMode.RUN,
            choices=[(each.value, each.label) for each in choices],
            default=rule.usual.value,
            usual=rule.usual.value if self.are_usual and rule.usual != ToolMode.OFF else "",
        )


def _when_on(rule: ToolRule, name: str, tool: HttpTool | None) -> ToolMode:
    """Return the mode of a tool that is off, for when it is switched on."""
    return strictest(rule.floor, tool.own_mode if tool else usual_of(name))


def _groups(
    built_in: list[ToolRow | None], added: list[tuple[HttpTool, ToolRow | None]]
) -> Iterable[ToolGroup]:
    yield ToolGroup("", [row for row in built_in if row])
    for label, is_team in ((_("Added by you"), False), (_("Added by your team"), True)):
        rows = [row for tool, row in added if row and tool.is_team is is_team]
        if rows:
            yield ToolGroup(label, rows)

"""The mode of a tool: the strictest of tool, team and person, and what a conversation may lower."""

from __future__ import annotations

import pytest

from conversations.models import Conversation, HttpTool, TeamSettings, ToolMode, User
from conversations.queries.tool_modes import modes_in

pytestmark = pytest.mark.django_db


def mode(
    user: User, name: str, *, chat: str = "", team: str = "", made: HttpTool | None = None
) -> ToolMode:
    conversation = Conversation(owner=user, tool_modes={name: chat} if chat else {})
    settings = TeamSettings(tool_modes={name: team} if team else {})
    return modes_in(conversation, [name], team=settings, made=[made] if made else [])[name]


@pytest.mark.parametrize(
    ("name", "usual"),
    [
        ("current_time", "run"),
        ("calculator", "run"),
        ("read_web_page", "once"),
        ("search_conversations", "once"),
        ("make_image", "once"),
    ],
)
def test_only_the_clock_and_the_calculator_run_unasked(alice: User, name: str, usual: str) -> None:
    assert mode(alice, name) == usual


@pytest.mark.parametrize(
    ("person", "team", "chat", "expected"),
    [
        ("once", "", "", "once"),
        ("run", "once", "", "once"),
        ("always", "once", "", "always"),
        ("always", "", "run", "run"),
        ("always", "once", "run", "once"),
        ("run", "always", "once", "always"),
        ("run", "off", "run", "off"),
        ("off", "", "always", "always"),
        ("nonsense", "nonsense", "", "run"),
    ],
)
def test_a_conversation_lowers_the_person_s_mode_and_never_the_team_s(
    alice: User, person: str, team: str, chat: str, expected: str
) -> None:
    alice.tool_modes = {"calculator": person}
    assert mode(alice, "calculator", team=team, chat=chat) == expected


@pytest.mark.parametrize(
    ("is_team", "own", "chat", "expected"),
    [
        # A POST asks each time by its method, which a conversation may lower.
        (True, "", "", "always"),
        (True, "", "once", "once"),
        # A mode that an administrator has set on the tool is the team's.
        (True, "always", "once", "always"),
        (False, "always", "once", "once"),
    ],
)
def test_the_mode_of_an_http_tool(
    alice: User, own: str, chat: str, expected: str, *, is_team: bool
) -> None:
    made = HttpTool(name="post", method="POST", mode=own, owner=None if is_team else alice)
    assert mode(alice, "post", chat=chat, made=made) == expected

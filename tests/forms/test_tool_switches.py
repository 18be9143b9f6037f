"""The switches of tools beside a message, read into what differs from the defaults."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from conversations.actions.messages import ToolSwitches
from conversations.forms.tool_switches import switches_in
from conversations.models import Conversation, TeamSettings, User

pytestmark = pytest.mark.django_db
DEFAULTS = {"current_time": "run", "calculator": "run", "read_web_page": "once"}
Modes = dict[str, str]


def read(
    user: User,
    chosen: Modes,
    *,
    shown: Modes | None = None,
    conversation: Conversation | None = None,
) -> ToolSwitches | None:
    """Read the switches of a page that had ``shown`` modes; ``chosen`` ones differ from them."""
    shown = {**DEFAULTS, **(shown or {})}
    data = QueryDict(mutable=True)
    data["tools_offered"] = " ".join(f"{name}:{shown[name]}:{DEFAULTS[name]}" for name in DEFAULTS)
    for name, mode in {**shown, **chosen}.items():
        if mode != "off":
            data.appendlist("tool", name)
            data[f"mode_{name}"] = mode
    return switches_in(data, user, conversation, None)


def test_a_page_without_switches_changes_nothing(alice: User) -> None:
    assert switches_in(QueryDict("text=Hi"), alice, None, None) is None


def test_what_nobody_changed_is_left_as_it_is_stored(alice: User) -> None:
    assert read(alice, {}) is None
    # The answer to a question has lowered a mode since the page was rendered.
    conversation = Conversation(owner=alice, tool_modes={"calculator": "once"})
    switches = read(alice, {"current_time": "off"}, conversation=conversation)
    assert switches == ToolSwitches(None, {"calculator": "once", "current_time": "off"})


def test_a_mode_and_a_switch_that_differ_are_stored(alice: User) -> None:
    stored = {"current_time": "off", "calculator": "always"}
    assert read(alice, stored) == ToolSwitches(None, stored)


def test_a_default_is_stored_as_none(alice: User) -> None:
    conversation = Conversation(owner=alice, tool_modes={"calculator": "always"})
    switches = read(
        alice, {"calculator": "run"}, shown={"calculator": "always"}, conversation=conversation
    )
    assert switches == ToolSwitches(None, {})


def test_all_off_is_one_switch_and_keeps_the_modes(alice: User) -> None:
    conversation = Conversation(owner=alice, tool_modes={"calculator": "always"})
    off = dict.fromkeys(DEFAULTS, "off")
    stored = ToolSwitches(False, {"calculator": "always"})
    assert read(alice, off, conversation=conversation) == stored
    conversation.tools = False
    switches = read(alice, {"calculator": "run"}, shown=off, conversation=conversation)
    assert switches == ToolSwitches(None, {"current_time": "off", "read_web_page": "off"})


def test_one_on_where_the_team_has_tools_off(alice: User) -> None:
    TeamSettings.objects.create(tools=False)
    off = dict.fromkeys(DEFAULTS, "off")
    assert read(alice, {}, shown=off) is None
    switches = read(alice, {"calculator": "run"}, shown=off)
    assert switches == ToolSwitches(True, {"current_time": "off", "read_web_page": "off"})


def test_what_no_page_offers_is_not_stored(alice: User) -> None:
    data = QueryDict(
        "tools_offered=calculator:run:run+::+x&tool=evil&mode_evil=run&mode_calculator=off"
    )
    switches = switches_in(data, alice, None, None)
    assert switches == ToolSwitches(False, {})

"""The switches of tools beside a message, read into what differs from the defaults."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from conversations.actions.messages import ToolSwitches
from conversations.forms.tool_switches import switches_in
from conversations.models import Conversation, TeamSettings, User

pytestmark = pytest.mark.django_db
OFFERED = "tools_offered=current_time+calculator+read_web_page"
ALL_ON = f"{OFFERED}&tool=current_time&tool=calculator&tool=read_web_page"


def read(user: User, query: str, conversation: Conversation | None = None) -> ToolSwitches | None:
    return switches_in(QueryDict(query), user, conversation, None)


def test_a_page_without_switches_changes_nothing(alice: User) -> None:
    assert read(alice, "text=Hi") is None


def test_what_is_as_usual_is_not_stored(alice: User) -> None:
    usual = "&mode_current_time=run&mode_calculator=run&mode_read_web_page=once"
    assert read(alice, ALL_ON + usual) == ToolSwitches(None, {})


def test_a_mode_and_a_switch_that_differ_are_stored(alice: User) -> None:
    query = f"{OFFERED}&tool=calculator&tool=read_web_page&mode_calculator=always"
    stored = {"current_time": "off", "calculator": "always"}
    assert read(alice, query) == ToolSwitches(None, stored)


def test_a_tool_is_on_again_that_its_person_has_off(alice: User) -> None:
    alice.tool_modes = {"calculator": "off"}
    query = f"{ALL_ON}&mode_calculator=run"
    assert read(alice, query) == ToolSwitches(None, {"calculator": "run"})


def test_all_off_is_one_switch_and_keeps_the_modes(alice: User) -> None:
    conversation = Conversation(owner=alice, tool_modes={"calculator": "always"})
    stored = ToolSwitches(False, {"calculator": "always"})
    assert read(alice, OFFERED, conversation) == stored


def test_one_on_where_the_team_has_tools_off(alice: User) -> None:
    TeamSettings.objects.create(tools=False)
    assert read(alice, OFFERED) == ToolSwitches(None, {})
    switches = read(alice, f"{OFFERED}&tool=calculator&mode_calculator=run")
    assert switches == ToolSwitches(True, {"current_time": "off", "read_web_page": "off"})


def test_what_no_page_offers_is_not_stored(alice: User) -> None:
    query = f"{OFFERED}&tool=calculator&tool=evil&mode_calculator=off&mode_evil=run"
    switches = read(alice, query)
    assert switches == ToolSwitches(None, {"current_time": "off", "read_web_page": "off"})

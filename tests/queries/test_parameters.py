from __future__ import annotations

import pytest

from conversations.models import Conversation, Folder, Message, Preset, TeamSettings, User
from conversations.queries.parameters import (
    ParameterSource,
    Setting,
    for_answer,
    inherited,
    team_settings,
)

pytestmark = pytest.mark.django_db


def holding(conversation: Conversation, message: Message | None = None) -> dict[str, Setting]:
    return for_answer(conversation, message, team=team_settings())


def values(settings: dict[str, Setting]) -> dict[str, tuple[object, str]]:
    return {name: (setting.value, setting.source.value) for name, setting in settings.items()}


def test_nothing_is_set_until_somebody_sets_it(alice: User) -> None:
    conversation = Conversation.objects.create(owner=alice, title="Hello")
    assert holding(conversation) == {}


def test_the_nearest_wins_parameter_by_parameter(alice: User) -> None:
    TeamSettings.objects.create(temperature=0.1, top_p=0.1, max_tokens=1, system_prompt="Team")
    alice.temperature, alice.top_p, alice.max_tokens = 0.2, 0.2, 2
    preset = Preset.objects.create(name="Short", temperature=0.3, top_p=0.3)
    conversation = Conversation.objects.create(
        owner=alice, title="Hello", preset=preset, temperature=0.4
    )
    message = Message(conversation=conversation, parameters={"stream": False})
    assert values(holding(conversation, message)) == {
        "system_prompt": ("Team", "team"),
        "max_tokens": (2, "person"),
        "top_p": (0.3, "preset"),
        "temperature": (0.4, "conversation"),
        "stream": (False, "message"),
    }


def test_zero_is_a_value(alice: User) -> None:
    conversation = Conversation.objects.create(owner=alice, title="Hello", temperature=0)
    assert values(holding(conversation)) == {"temperature": (0, "conversation")}


def test_a_message_can_say_that_one_is_not_sent_whoever_sets_it(alice: User) -> None:
    TeamSettings.objects.create(temperature=0.1)
    conversation = Conversation.objects.create(owner=alice, title="Hello", temperature=1)
    message = Message(conversation=conversation, parameters={"temperature": None})
    assert holding(conversation, message) == {}


def test_what_is_inherited_leaves_the_conversation_out(alice: User) -> None:
    alice.top_p = 0.5
    preset = Preset(name="Short", temperature=0.3)
    assert inherited(alice, preset, None, team=team_settings()) == {
        "temperature": Setting(0.3, ParameterSource.PRESET),
        "top_p": Setting(0.5, ParameterSource.PERSON),
    }


def test_a_folders_prompt_holds_in_it_and_in_what_stands_in_it(alice: User) -> None:
    alice.system_prompt = "Mine"
    outer = Folder.objects.create(owner=alice, name="Work", system_prompt="At work")
    inner = Folder.objects.create(owner=alice, name="Desk", parent=outer)
    conversation = Conversation.objects.create(owner=alice, title="Hello", folder=inner)
    assert values(holding(conversation)) == {"system_prompt": ("At work", "folder")}
    inner.system_prompt = "At the desk"
    assert values(holding(conversation)) == {"system_prompt": ("At the desk", "folder")}
    conversation.preset = Preset(name="Short", system_prompt="Be brief.")
    assert values(holding(conversation)) == {"system_prompt": ("Be brief.", "preset")}

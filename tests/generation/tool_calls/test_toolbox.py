"""The tools of a run: their order, what is switched off, and the search of other conversations."""

from __future__ import annotations

import json

import pytest

from conversations.generation.images import make_image
from conversations.generation.tool_calls import toolbox
from conversations.indexing import writing
from conversations.models import Conversation, TeamSettings, User
from tests.branches import conversation_of
from tests.sockets import off_loop

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ["current_time", "calculator", "search_conversations", "read_web_page", "make_image"]


def names_for(conversation: Conversation) -> list[str]:
    team = TeamSettings.objects.first() or TeamSettings()
    return list(toolbox.tools_for(conversation, [make_image.outline()], team=team))


def test_built_in_tools_have_an_order(alice: User) -> None:
    assert names_for(conversation_of(alice)) == NAMES


@pytest.mark.parametrize("by_team", [True, False])
def test_a_tool_that_is_off_is_not_offered(alice: User, *, by_team: bool) -> None:
    modes = {"calculator": "off", "make_image": "always"}
    if by_team:
        TeamSettings.objects.create(tool_modes=modes)
    else:
        alice.tool_modes = modes
    assert names_for(conversation_of(alice)) == [name for name in NAMES if name != "calculator"]


async def test_the_search_finds_the_user_s_other_conversations(alice: User, bob: User) -> None:
    def make() -> Conversation:
        for owner, title in ((alice, "Hers"), (alice, "This one"), (bob, "His")):
            conversation = conversation_of(owner, title=title)
            for message in conversation.messages.select_related("conversation"):
                writing.put_new_message(message)
        return Conversation.objects.select_related("owner").get(title="This one")

    conversation = await off_loop(make)
    tools = await off_loop(lambda: toolbox.tools_for(conversation, team=TeamSettings()))
    found = json.loads(await tools[toolbox.SEARCH].run({"query": "Question"}))["found"]
    assert [entry["title"] for entry in found] == ["Hers"]
    assert found[0]["passages"][0]["text"] == "Question 0"

"""The command palette: its actions by role, and that every route is reached by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, reverse

from conversations import urls
from conversations.models import User
from conversations.views.display.palette_actions import ACTIONS
from tests.branches import conversation_of
from tests.html import tight
from tests.indexed import make_conversation

SignIn = Callable[[User], Client]
ROOT = Path(settings.BASE_DIR)

# The page from which each route without an action of its own is reached.
REACHED_FROM = {
    "new_chat": {"conversation_create", "setup", "setup_connection"},
    "search": {"conversation", "palette", "wire"},
    "settings_profile": {"settings", "time_zone"},
    "settings_security": {"account_change_password", "sign_out_elsewhere"},
    "settings_people": {
        "people_changes",
        "person_disabling",
        "person_enabling",
        "person_link",
        "person_role",
    },
    "settings_defaults": {"team_defaults"},
    "settings_presets": {
        "preset_create",
        "preset_deletion",
        "settings_preset",
        "team_preset_create",
    },
    "settings_snippets": {
        "settings_snippet",
        "snippet_create",
        "snippet_deletion",
        "team_snippet_create",
    },
    "settings_tools": {"settings_tool", "tool_availability", "tool_check", "tool_deletion"},
    "settings_usage": {"usage_file"},
    "settings_data": {"data_archiving", "data_deletion"},
    "settings_sharing": {"share_revocation", "sharing_policy"},
    "deleted_list": {"trash_emptying"},
    "conversation_list": {
        "folder",
        "folder_deletion",
        "folder_name",
        "folder_place",
        "folder_prompt",
    },
    "admin:index": {"transcript", "transcript_wire"},
    "settings_connections": {
        "settings_connection",
        "connection_address",
        "connection_deletion",
        "connection_position",
        "connection_test",
        "own_default_connection",
    },
    "settings_models": {
        "price_add",
        "price_deletion",
        "settings_model",
        "model_add",
        "model_availability",
        "model_deletion",
        "model_changes",
        "own_default_model",
        "team_default_model",
        "favourite",
    },
}
# Routes whose action presses a control of the page, by a word of its selector.
PRESSED = {
    "data-stop": {"cancellation"},
    "data-rename": {"title"},
    "data-deletion": {"deletion", "restoration"},
    "value=pin": {"conversation_changes"},
    "data-share": {"sharing"},
    "data-pick": {"attachment", "attachment_create", "attachment_deletion"},
    "data-move": {"folder_choices"},
    "data-new-folder": {"folder_create"},
    "presets": {"conversation_preset"},
    "/export/": {"conversation_export"},
    "/print/": {"conversation_print"},
    "regenerate": {"regeneration"},
    "continue": {"continuation"},
    '"edit"': {"revision"},
    "fork": {"fork"},
    "value=allow": {"approval"},
    "version-before": {"showing"},
    '"delete"': {"message_deletion", "message_restoration"},
    "copy-button": {"message"},
    "data-sign-out": {"account_logout"},
}
# The action has a shortcut that opens the model picker.
RUN = {"model": {"model_choice", "conversation_model"}, "write": {"message_create"}}
# Requested by the page or the browser, or used before there is a page with a palette.
PLUMBING = {
    "account_login",
    "account_reset_password_from_key",
    "manifest",
    "message_steps",
    "offline",
    "older_messages",
    "reading",
    "service_worker",
    "shared",  # for anyone with the link, who may have no palette
    "shared_copy",
    "shared_file",
    "sidebar",
    "sidebar_folder",
    "sidebar_folders",
    "sidebar_pinned",
    "snippets",
    "thread",
}
# Shortcuts that act on the focused field or message.
OF_THE_FOCUS = {
    "allow",
    "copy",
    "deny",
    "edit",
    "edit-last",
    "new-line",
    "palette",
    "regenerate",
    "send",
    "version-after",
    "version-before",
}


def route_names(patterns: Sequence[object] = urls.urlpatterns) -> set[str]:
    """Return the names of our routes, those of included lists too; the admin has its own."""
    names = set()
    for each in patterns:
        if isinstance(each, URLPattern):
            names |= {each.name} if each.name else set()
        elif isinstance(each, URLResolver) and each.app_name != "admin":
            names |= route_names(each.url_patterns)
    return names


def covered() -> set[str]:
    found = {action.url for action in ACTIONS} | {action.post for action in ACTIONS} | PLUMBING
    for name, routes in REACHED_FROM.items():
        if name in found:
            found |= routes
    for word, routes in PRESSED.items():
        if any(word in action.press for action in ACTIONS):
            found |= routes
    for name, routes in RUN.items():
        if any(name == action.shortcut for action in ACTIONS):
            found |= routes
    return found - {""}


def test_every_route_is_reached_by_an_action() -> None:
    """Check that each route is in palette_actions.py or in one of the tables above."""
    assert route_names() - covered() == set()
    assert covered() - route_names() == {"admin:index"}


def test_every_shortcut_has_an_action() -> None:
    source = (ROOT / "static/js/lib/shortcuts.js").read_text(encoding="utf-8")
    names = set(re.findall(r'\bname: "([\w-]+)"', source))
    assert names
    assert names - OF_THE_FOCUS == {action.shortcut for action in ACTIONS} - {""}


def test_each_action_has_one_way_an_icon_and_a_label() -> None:
    sprite = (ROOT / "static/icons.svg").read_text(encoding="utf-8")
    labels = [str(action.label) for action in ACTIONS]
    assert len(labels) == len(set(labels))
    for action in ACTIONS:
        ways = [action.url, action.press, action.post]
        assert sum(map(bool, ways)) == 1 or action.shortcut
        assert f'id="{action.icon}"' in sprite, action


def options(client: Client, text: str) -> list[str]:
    html = tight(client.get(reverse("palette"), {"q": text}).content.decode())
    titles = re.findall(r'class="hit__title"[^>]*>(.*?)</span>', html)
    return [title.replace("&amp;", "&") for title in titles]


def test_nothing_typed_offers_the_newest_and_everything(alice: User, signed_in: SignIn) -> None:
    make_conversation(alice, "Hello", title="Staffing <the> desk")
    found = options(signed_in(alice), "")
    assert found[0] == "Staffing &lt;the&gt; desk"
    theirs = [action for action in ACTIONS if not action.for_administrators]
    assert len(found) == 1 + len(theirs)


def test_what_is_typed_finds_conversations_models_actions_and_settings(
    alice: User, signed_in: SignIn
) -> None:
    make_conversation(alice, "Which <b>model</b> is best?", title="Choosing")
    client = signed_in(alice)
    assert options(client, "model")[0] == "Choosing"
    assert {"Change model", "Models", "New chat with “model”"} <= set(options(client, "model"))
    assert "Use gpt-4o" in options(client, "4o")
    assert options(client, "> dark") == ["Dark theme"]
    assert "Choosing" not in options(client, ">choosing")
    assert "<b>" not in client.get(reverse("palette"), {"q": "model"}).content.decode()


def test_only_administrators_are_offered_what_only_they_can_do(
    alice: User, rita: User, signed_in: SignIn
) -> None:
    assert "People" not in options(signed_in(alice), ">people")
    assert "People" in options(signed_in(rita), ">people")


def test_a_stranger_is_shown_nothing_of_others(
    alice: User, charlie: User, signed_in: SignIn
) -> None:
    make_conversation(alice, "Staffing", title="Hers")
    for text in ("", "staffing", "hers"):
        assert "Hers" not in options(signed_in(charlie), text)
    assert Client().get(reverse("palette")).status_code == 302


def test_actions_speak_the_persons_language(alice: User, signed_in: SignIn) -> None:
    alice.language = "zh-hans"
    alice.save()
    assert "新对话" in options(signed_in(alice), ">新对话")


@pytest.mark.parametrize("count", [1, 7])
def test_costs_the_same_for_any_number(alice: User, signed_in: SignIn, count: int) -> None:
    for number in range(count):
        make_conversation(alice, "a word", title=f"Word {number}")
    conversation_of(alice)
    client = signed_in(alice)
    counts = []
    for text in ("", "word"):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("palette"), {"q": text})
        counts.append(len(queries))
    assert counts == [4, 7]


def test_the_theme_is_set_alone_and_leads_back_to_ours(alice: User, signed_in: SignIn) -> None:
    client = signed_in(alice)
    for target, leads_to in (
        ("/search/", "/search/"),
        ("//evil.example/", "/settings/appearance/"),
    ):
        answer = client.post(reverse("theme"), {"theme": "dark", "next": target})
        assert answer["Location"] == leads_to
    alice.refresh_from_db()
    assert alice.theme == "dark"
    client.post(reverse("theme"), {"theme": "purple"})
    alice.refresh_from_db()
    assert alice.theme == "dark"
    assert client.get(reverse("theme")).status_code == 405

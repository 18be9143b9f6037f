"""The actions of the command palette.

An action leads to a page (``url``, the name of a route), runs a shortcut of
static/js/lib/shortcuts.js (``shortcut``), presses a control of the page (``press``, a selector), or
posts ``fields`` to a route (``post``). The palette leaves out actions whose control the page lacks.
tests/views/display/test_palette_actions.py compares this list with the routes and the shortcuts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from conversations.models import User

CONVERSATION_MENU = "conversation-menu"
LAST_ANSWER = "chat-stream article:last-of-type"
LAST_QUESTION = "chat-stream article:nth-last-of-type(2)"


@dataclass(frozen=True, slots=True)
class Action:
    """An action. ``words``: further words by which it is found."""

    label: Any
    icon: str
    url: str = ""
    query: str = ""
    shortcut: str = ""
    press: str = ""
    post: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    words: Any = ""
    is_setting: bool = False
    for_administrators: bool = False

    @property
    def href(self) -> str:
        """The URL that the action leads to; "" for one on the page itself."""
        query = f"?{self.query}" if self.query else ""
        return f"{reverse(self.url)}{query}" if self.url else ""

    @property
    def post_url(self) -> str:
        return reverse(self.post) if self.post else ""

    def matches(self, text: str) -> bool:
        """Whether each word of ``text`` is part of the label or ``words``, ignoring case."""
        searched = f"{self.label} {self.words}".casefold()
        return all(word in searched for word in text.casefold().split())


def _theme(value: str, label: Any, icon: str) -> Action:
    return Action(
        label, icon, post="theme", fields={"theme": value}, words=_("theme appearance colours")
    )


def _setting(url: str, label: Any, icon: str, words: Any = "", **more: Any) -> Action:
    return Action(label, icon, url=url, words=words, is_setting=True, **more)


ACTIONS: tuple[Action, ...] = (
    Action(_("New chat"), "compose", url="new_chat", shortcut="new-chat"),
    Action(_("Change model"), "cube", shortcut="model"),
    Action(_("Stop generating"), "stop", shortcut="stop", press="[data-stop]:not([hidden])"),
    Action(
        _("Rename this conversation"),
        "edit",
        shortcut="rename",
        press=f"{CONVERSATION_MENU} [data-rename]",
    ),
    *(
        Action(label, icon, press=f"{CONVERSATION_MENU} [value={change}]:not([hidden])")
        for change, icon, label in (
            ("pin", "pin", _("Pin this conversation")),
            ("unpin", "pin", _("Unpin this conversation")),
            ("archive", "archive", _("Archive this conversation")),
            ("unarchive", "archive", _("Unarchive this conversation")),
            ("unread", "dot", _("Mark this conversation as unread")),
        )
    ),
    Action(
        _("Move this conversation to a folder"), "folder", press=f"{CONVERSATION_MENU} [data-move]"
    ),
    Action(
        _("Delete this conversation"),
        "trash",
        press=f"{CONVERSATION_MENU} [data-deletion] button",
    ),
    *(
        Action(label, "download", press=f'{CONVERSATION_MENU} [href*="/export/{form}/"]')
        for form, label in (
            ("markdown", _("Export as Markdown")),
            ("json", _("Export as JSON")),
            ("html", _("Export as HTML")),
        )
    ),
    Action(_("Share this conversation"), "share", press=f"{CONVERSATION_MENU} [data-share]"),
    Action(_("Print"), "printer", press=f'{CONVERSATION_MENU} [href$="/print/"]'),
    *(
        Action(label, icon, press=f"{LAST_ANSWER} [name=decision][value={decision}]")
        for decision, icon, label in (
            ("allow", "check", _("Let the waiting tool run")),
            ("deny", "x", _("Deny the waiting tool")),
        )
    ),
    Action(
        _("Regenerate the last reply"),
        "regen",
        press=f'{LAST_ANSWER} :is([data-act="regenerate"], [data-act="retry"])',
    ),
    *(
        Action(label, icon, press=f'{place} [data-act="{act}"]')
        for place, act, icon, label in (
            (LAST_ANSWER, "regenerate-with", "regen", _("Regenerate with another model")),
            (LAST_QUESTION, "edit", "edit", _("Edit the last message")),
            (LAST_ANSWER, "edit", "edit", _("Edit the last reply")),
            (LAST_ANSWER, "fork", "branch", _("Branch from the last reply")),
            (LAST_ANSWER, "version-before", "chev-left", _("Previous version of the last reply")),
            (LAST_ANSWER, "version-after", "chev-right", _("Next version of the last reply")),
            (LAST_ANSWER, "delete", "trash", _("Delete the last reply")),
        )
    ),
    Action(
        _("Continue the last reply"),
        "play",
        press=f'{LAST_ANSWER} [data-act="continue"]',
    ),
    Action(_("Copy the last reply"), "copy", press=f"{LAST_ANSWER} copy-button button"),
    Action(_("Attach files"), "attach", press="[data-pick]"),
    Action(_("Set parameters"), "sliders", press='[popovertarget="params"]'),
    Action(_("Go to the message field"), "edit", shortcut="write"),
    Action(_("Previous question"), "send", shortcut="previous-question"),
    Action(_("Next question"), "down", shortcut="next-question"),
    Action(_("Jump to latest"), "down", shortcut="latest", press="#jump:not([hidden])"),
    Action(_("Hide or show the sidebar"), "sidebar", shortcut="sidebar"),
    Action(_("Search in all messages"), "search", url="search"),
    Action(_("All conversations"), "chat", url="conversation_list"),
    Action(_("Archived conversations"), "archive", url="archived_list"),
    Action(_("Deleted conversations"), "trash", url="deleted_list"),
    Action(_("New folder"), "folder", press="[data-new-folder]"),
    Action(_("Choose a preset"), "thought", press='[popovertarget="presets"]'),
    Action(_("Temporary chat"), "thought", url="new_chat", query="temporary=1"),
    _theme("light", _("Light theme"), "sun"),
    _theme("dark", _("Dark theme"), "moon"),
    _theme("", _("The system’s theme"), "screen"),
    *(
        Action(
            get_language_info(code)["name_local"],
            "globe",
            post="language",
            fields={"language": code},
            words=_("language"),
        )
        for code, _name in settings.LANGUAGES
    ),
    Action(_("Keyboard shortcuts"), "keyboard", shortcut="sheet"),
    Action(_("Sign out"), "out", press="[data-sign-out] button"),
    _setting("settings_profile", _("Profile"), "user", _("name"), shortcut="settings"),
    _setting("settings_connections", _("Connections & keys"), "plug", _("key API")),
    _setting("connection_create", _("Add a connection"), "plus", _("key API")),
    _setting("settings_models", _("Models"), "cube", _("favourite default")),
    _setting("settings_defaults", _("Defaults"), "sliders", _("instructions parameters")),
    _setting("settings_presets", _("Presets"), "thought"),
    _setting("settings_snippets", _("Prompt snippets"), "enter"),
    _setting("settings_tools", _("Tools"), "tool", _("HTTP request approval")),
    _setting("tool_create", _("New tool"), "plus", _("HTTP request")),
    _setting("settings_sharing", _("Shared links"), "share"),
    _setting("settings_usage", _("Usage"), "chart", _("tokens cost price statistics")),
    _setting("settings_data", _("Your data"), "archive"),
    _setting("settings_people", _("People"), "users", _("team"), for_administrators=True),
    _setting(
        "team_connection_create",
        _("Add a team connection"),
        "plus",
        _("key API"),
        for_administrators=True,
    ),
    _setting(
        "team_tool_create",
        _("New team tool"),
        "plus",
        _("HTTP request"),
        for_administrators=True,
    ),
    _setting("settings_appearance", _("Appearance & language"), "palette", _("theme keys")),
    _setting("settings_security", _("Security"), "shield", _("password sessions")),
    _setting("admin:index", _("Administration"), "search", _("audit"), for_administrators=True),
)


def actions_for(user: User, text: str) -> Iterator[Action]:
    """Yield the actions that the user may do and that match the typed text."""
    for action in ACTIONS:
        is_theirs = user.is_administrator or not action.for_administrators
        if is_theirs and action.matches(text):
            yield action

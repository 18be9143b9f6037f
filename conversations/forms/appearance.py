"""Settings → Appearance & language: preferences that are stored with the user."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from conversations.actions.preferences import SWITCHES
from conversations.models import User

THEMES = [
    (theme.value, theme.label) for theme in (User.Theme.LIGHT, User.Theme.DARK, User.Theme.SYSTEM)
]
SENDING = [("enter", _("Enter")), ("ctrl-enter", _("Ctrl Enter"))]


def _languages() -> list[tuple[str, Any]]:
    """Return the choices, each language under its own name."""
    named = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
    return [("", _("Browser’s language")), *named]


class AppearanceForm(forms.Form):
    theme = forms.ChoiceField(
        label=_("Theme"), required=False, choices=THEMES, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=_languages, widget=forms.RadioSelect
    )
    sending = forms.ChoiceField(
        label=_("Send a message with"), choices=SENDING, widget=forms.RadioSelect
    )
    uses_shortcuts = forms.BooleanField(label=_("Keyboard shortcuts"), required=False)
    reads_sentences = forms.BooleanField(
        label=_("Read replies aloud as they arrive"),
        required=False,
        help_text=_("For screen readers: each sentence is spoken once it is complete."),
    )
    shows_usage = forms.BooleanField(
        label=_("Show usage under replies"),
        required=False,
        help_text=_("Connection, tokens and time."),
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        names = ("theme", "language", "uses_shortcuts", "reads_sentences", "shows_usage")
        initial = {name: getattr(user, name) for name in names}
        initial["sending"] = "enter" if user.sends_with_enter else "ctrl-enter"
        super().__init__(data, initial=initial)

    @property
    def switches(self) -> dict[str, bool]:
        """The arguments for change_switches (actions/preferences.py). Only after ``is_valid``."""
        chosen = {**self.cleaned_data, "sends_with_enter": self.cleaned_data["sending"] == "enter"}
        return {name: chosen[name] for name in SWITCHES}

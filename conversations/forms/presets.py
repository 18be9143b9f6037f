"""Forms of presets, prompt snippets and defaults."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.forms.approvals import add_modes, modes_in
from conversations.forms.model_fields import ModelField
from conversations.forms.parameters import LongText, ParameterForm
from conversations.forms.widgets import style
from conversations.models import HttpTool, LanguageModel, Preset, Snippet, TeamSettings, User
from conversations.models.parameters import ParameterSet
from conversations.queries.http_tools import by_name, visible_tools
from conversations.queries.model_lists import usable_models

NAME_TAKEN = _("This name is taken. Choose another one.")
Named = TypeVar("Named", Preset, Snippet, HttpTool)


class OfferedModelField(ModelField):
    """An optional choice of a model that is offered in chats."""

    def __init__(self, *, label: Any, empty_label: Any, help_text: Any = "") -> None:
        super().__init__(
            queryset=LanguageModel.objects.none(),
            label=label,
            empty_label=empty_label,
            help_text=help_text,
            required=False,
        )


class PresetForm(ParameterForm):
    """A new preset of ``owner`` (None: the team), or changes to ``row``."""

    name = forms.CharField(label=pgettext_lazy("of a preset", "Name"), max_length=100)
    model = OfferedModelField(
        label=_("Model"), empty_label=_("Not set (the one that is chosen)"), help_text=""
    )
    field_order = ["name", "model"]

    def __init__(self, data: Any = None, *, row: Preset | None = None, owner: User | None) -> None:
        names = ("name", "model", *ParameterSet.NAMES)
        super().__init__(data, initial={name: getattr(row, name) for name in names} if row else {})
        self.row, self.owner = row, owner
        self.offer_tools_of(owner)
        _offer(self.fields["model"])
        style(self)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        require_free(Preset, name, owner=self.owner, row=self.row)
        return name


class SnippetForm(forms.Form):
    """A new snippet of ``owner`` (None: the team), or changes to ``row``."""

    name = forms.CharField(
        label=pgettext_lazy("of a prompt snippet", "Name"),
        max_length=60,
        help_text=_("What you type after / to find it."),
    )
    text = LongText(
        label=_("Text"),
        strip=False,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("A word in {{double brackets}} is a variable: you fill it in each time."),
    )

    def __init__(self, data: Any = None, *, row: Snippet | None = None, owner: User | None) -> None:
        super().__init__(data, initial={"name": row.name, "text": row.text} if row else {})
        self.row, self.owner = row, owner
        style(self)

    def clean_name(self) -> str:
        """Return the name with hyphens for white space, as it is typed after a slash."""
        name = "-".join(self.cleaned_data["name"].replace("/", " ").split())
        if not name:
            raise ValidationError(_("A snippet needs a name."))
        require_free(Snippet, name, owner=self.owner, row=self.row)
        return name


class OwnDefaultsForm(ParameterForm):
    """A user's instructions and default parameters."""

    instructions = LongText(
        label=_("Custom instructions"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Sent with every chat, along with its system prompt."),
    )
    field_order = ["instructions"]

    def __init__(self, data: Any = None, *, user: User) -> None:
        names = ("instructions", *ParameterSet.NAMES)
        super().__init__(data, initial={name: getattr(user, name) for name in names})
        self.offer_tools_of(user)
        add_modes(self, user.tool_modes, by_name(visible_tools(user)))
        style(self)

    def clean(self) -> dict[str, Any]:
        """Collect the modes of all tools in one value."""
        cleaned = super().clean() or self.cleaned_data
        modes = modes_in(self, cleaned)
        return {**cleaned, "tool_modes": modes}

    def clean_instructions(self) -> str:
        instructions: str = self.cleaned_data["instructions"]
        return instructions.strip()


class TeamDefaultsForm(ParameterForm):
    """The team's default parameters, and the naming of conversations."""

    titles = forms.ChoiceField(label=_("Conversation titles"), choices=TeamSettings.Titles.choices)
    title_model = OfferedModelField(
        label=_("Model for titles"),
        empty_label=_("None"),
        help_text=_("It is asked after the first reply, through the connection of that reply."),
    )

    def __init__(self, data: Any = None, *, row: TeamSettings) -> None:
        names = ("titles", "title_model", *ParameterSet.NAMES)
        initial = {name: getattr(row, name) for name in names}
        super().__init__(data, initial=initial, prefix="team")
        _offer(self.fields["title_model"])
        self.offer_tools_of(None)
        add_modes(self, row.tool_modes, visible_tools(None), is_team=True)
        style(self)

    def clean(self) -> dict[str, Any]:
        """Check that there is a model for titles if one writes them; collect the tools' modes."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("titles") == TeamSettings.Titles.CHOSEN and not cleaned.get("title_model"):
            self.add_error("title_model", _("Choose the model that writes the titles."))
        modes = modes_in(self, cleaned)
        return {**cleaned, "tool_modes": modes}


def require_free(kind: type[Named], name: str, *, owner: User | None, row: Named | None) -> None:
    """Raise ValidationError if the owner has another row of that name, ignoring case."""
    others = kind.objects.filter(owner=owner, name__iexact=name)
    if (others.exclude(pk=row.pk) if row else others).exists():
        raise ValidationError(NAME_TAKEN)


def _offer(field: forms.Field) -> None:
    assert isinstance(field, OfferedModelField)  # noqa: S101 (both forms declare it so)
    field.queryset = usable_models()

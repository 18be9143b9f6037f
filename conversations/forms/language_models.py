"""Forms about models: the choice for a conversation, defaults, and the administrators' list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.forms.model_fields import ModelField
from conversations.forms.widgets import style
from conversations.models import Connection, LanguageModel, User
from conversations.queries.connections import candidates_for
from conversations.queries.model_lists import usable_models

OWN_DEFAULT = pgettext_lazy("label of a field", "Your default")
TEAM_DEFAULT = pgettext_lazy("label of a field", "The team’s default")
# Gateways put paths, versions and tags into names. A name is sent as it is, so without spaces.
NAME = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9._:/@+-]*\Z",
    _("Enter the exact name of the API: letters, digits and . _ : / @ + - without spaces."),
)


class ChoiceForm(forms.Form):
    """The model of a conversation, and its connection if the user chose one."""

    model = forms.CharField()
    connection = forms.UUIDField(required=False)

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        self.user = user

    def clean_model(self) -> LanguageModel:
        """Return the model. Refuses one that is not offered in chats."""
        model = LanguageModel.objects.filter(name=self.cleaned_data["model"]).first()
        if model is None or not model.is_usable:
            raise forms.ValidationError(_("This model is not offered. Choose another one."))
        return model

    def clean(self) -> dict[str, Any]:
        """Replace the connection's id by its row. Refuses one that does not serve the model."""
        cleaned = super().clean() or self.cleaned_data
        if "model" not in cleaned or "connection" not in cleaned:
            return cleaned
        candidates = candidates_for(self.user, cleaned["model"])
        wanted = cleaned["connection"]
        found: Connection | None = next((row for row in candidates if row.pk == wanted), None)
        if not candidates:
            self.add_error("model", _("None of your connections serves this model."))
        elif wanted and found is None:
            self.add_error("connection", _("This connection does not serve the model."))
        cleaned["connection"] = found
        return cleaned


_ANSWERS = {True: "yes", False: "no", None: ""}


class TriedField(forms.TypedChoiceField):
    """Yes, no, or not known, which is tried."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("", _("Not known: try it")), ("yes", _("Yes")), ("no", _("No"))],
            coerce={"yes": True, "no": False}.get,
            empty_value=None,
            required=False,
            **options,
        )


class ModelForm(forms.Form):
    display_name = forms.CharField(
        label=_("Display name"),
        max_length=200,
        required=False,
        help_text=_("What people see. Empty: the exact name in the API."),
    )
    is_enabled = forms.BooleanField(label=_("Enabled"), required=False)
    is_released = forms.BooleanField(
        label=_("Use in chat all the same"),
        required=False,
        help_text=_("This model is marked as not for chat."),
    )
    sees_images = TriedField(
        label=_("Sees images"),
        help_text=_("Whether images that people attach are sent to this model."),
    )
    calls_tools = TriedField(
        label=_("Calls tools"),
        help_text=_("Whether this model is offered tools. One that refuses them is noted here."),
    )
    is_plain = forms.BooleanField(
        label=_("Never stream"),
        required=False,
        help_text=_("For models that can’t stream."),
    )

    def __init__(self, data: Any = None, *, model: LanguageModel) -> None:
        names = ("display_name", "is_enabled", "is_released", "is_plain")
        initial = {name: getattr(model, name) for name in names}
        initial["sees_images"] = _ANSWERS[model.sees_images]
        initial["calls_tools"] = _ANSWERS[model.calls_tools]
        super().__init__(data, initial=initial)
        if model.capability not in LanguageModel.NOT_FOR_CHAT:
            del self.fields["is_released"]
        style(self)

    def clean(self) -> dict[str, Any]:
        """Fill in ``is_released``, a field that models for chat do not have."""
        cleaned = super().clean() or self.cleaned_data
        return {"is_released": False, **cleaned}


class AddedModelForm(forms.Form):
    name = forms.CharField(
        label=_("Name in the API"),
        max_length=200,
        validators=[NAME],
        help_text=_("Exactly as the API calls it: it is sent as it is."),
        widget=forms.TextInput({"spellcheck": "false", "autocomplete": "off"}),
    )
    display_name = forms.CharField(
        label=_("Display name"),
        max_length=200,
        required=False,
        help_text=_("What people see. Empty: the exact name in the API."),
    )
    capability = forms.ChoiceField(
        label=_("Capability"), choices=LanguageModel.Capability.choices, initial="chat"
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        style(self)

    def clean_name(self) -> str:
        """Refuse a name that is taken."""
        name: str = self.cleaned_data["name"]
        if LanguageModel.objects.filter(name=name).exists():
            raise forms.ValidationError(_("This model is on the list already."))
        return name


class DefaultForm(forms.Form):
    """The model that new chats begin with. ``allow_none``: if empty, the team's is used."""

    def __init__(
        self, data: Any = None, *, current: LanguageModel | None, allow_none: bool
    ) -> None:
        super().__init__(data, initial={"model": current})
        self.fields["model"] = ModelField(
            queryset=usable_models(),
            required=not allow_none,
            label=OWN_DEFAULT if allow_none else TEAM_DEFAULT,
            empty_label=_("The team’s default") if allow_none else None,
        )
        style(self)

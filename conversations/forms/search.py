"""The search form; its fields are the parameters of the page's URL."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from conversations.forms.model_fields import grouped
from conversations.models import Folder, User
from conversations.queries.model_lists import usable_models
from conversations.queries.search import Filters

LONGEST = 500
ROLES = [
    ("", _("Everything")),
    ("user", pgettext_lazy("what to search", "What you wrote")),
    ("assistant", pgettext_lazy("what to search", "What models replied")),
]


def _models() -> list[tuple[Any, Any]]:
    return [("", _("Any model")), *grouped(usable_models())]


class SearchForm(forms.Form):
    """A GET form. Invalid fields are ignored by the search, with an error beside them."""

    q = forms.CharField(required=False, max_length=LONGEST, strip=False)
    role = forms.ChoiceField(label=_("Said by"), required=False, choices=ROLES)
    model = forms.ChoiceField(label=_("Model"), required=False, choices=_models)
    since = forms.DateField(
        label=pgettext_lazy("first day of a search", "From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    until = forms.DateField(
        label=pgettext_lazy("last day of a search", "To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )

    folder = forms.ModelChoiceField(
        label=_("Folder"),
        required=False,
        empty_label=_("Any folder"),
        queryset=Folder.objects.none(),
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        folder = cast("forms.ModelChoiceField[Folder]", self.fields["folder"])
        folder.queryset = Folder.objects.filter(owner=user)
        for name in ("role", "model", "since", "until", "folder"):
            self.fields[name].widget.attrs["class"] = "input"

    @property
    def text(self) -> str:
        """The search text; "" if it is longer than LONGEST."""
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))

    @property
    def filters(self) -> Filters:
        """The filters of the valid fields."""
        self.is_valid()
        names = ("role", "model", "since", "until")
        chosen = {name: self.cleaned_data.get(name) for name in names}
        folder = self.cleaned_data.get("folder")
        chosen["folder"] = folder and folder.pk
        return Filters(**{name: value for name, value in chosen.items() if value})

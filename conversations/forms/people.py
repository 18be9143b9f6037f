"""The form that adds users, with a sentence for each kind of invalid line."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from conversations.actions.people import Entry
from conversations.forms.people_list import LineProblem, read
from conversations.forms.widgets import style

MOST_PEOPLE = 500

SENTENCES = {
    "no_address": _("Line %(line)s has no email address: “%(text)s”"),
    "bad_address": _("Line %(line)s: “%(text)s” is not an email address."),
    "several": _("Line %(line)s has several addresses. Put each person on a separate line."),
    "long_name": _("Line %(line)s: the name is too long. The limit is 150 characters."),
}


class AddPeopleForm(forms.Form):
    """One user or a pasted list. If a line is invalid, nobody is added."""

    people = forms.CharField(
        label=_("One person per line"),
        help_text=_("For example: Li Wei <wei@example.com> or wei@example.com, Li Wei"),
        widget=forms.Textarea({"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        max_length=200_000,
        strip=False,
    )

    def __init__(self, data: dict[str, str] | None = None) -> None:
        super().__init__(data)
        style(self)

    def clean_people(self) -> list[Entry]:
        """Return the entries of the list, at least one and at most MOST_PEOPLE."""
        entries, problems = read(self.cleaned_data["people"])
        if problems:
            raise forms.ValidationError([_sentence(problem) for problem in problems])
        if not entries:
            raise forms.ValidationError(_("Enter at least one email address."), "required")
        if len(entries) > MOST_PEOPLE:
            raise forms.ValidationError(_("Add at most 500 people at once."), "too_many")
        return entries


def _sentence(problem: LineProblem) -> forms.ValidationError:
    params = {"line": problem.line, "text": problem.text[:80]}
    return forms.ValidationError(SENTENCES[problem.code], problem.code, params)

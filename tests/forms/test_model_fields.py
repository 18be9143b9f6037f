"""The selects of models."""

from __future__ import annotations

import re

import pytest

from conversations.forms.language_models import DefaultForm
from conversations.forms.presets import PresetForm
from conversations.forms.search import SearchForm
from conversations.models import LanguageModel, User

pytestmark = pytest.mark.django_db


def groups_of(html: str) -> list[str]:
    return re.findall(r'<optgroup label="([^"]+)"', html)


def test_every_select_begins_with_the_newest_series(alice: User) -> None:
    LanguageModel.objects.create(name="ours", position=99)
    fields = (
        DefaultForm(current=None, allow_none=True)["model"],
        PresetForm(owner=alice)["model"],
        SearchForm({}, user=alice)["model"],
    )
    for field in fields:
        groups = groups_of(str(field))
        assert groups[:2] == ["GPT-5.4", "GPT-5.3"], field.name
        assert groups[-1] == "Added by your team"
        assert 'value=""' in str(field)


def test_snapshots_come_after_the_models_they_are_of() -> None:
    html = str(DefaultForm(current=None, allow_none=False)["model"])
    labels = re.findall(r">\s*(gpt-5\.4[^<\s]*)\s*<", html)
    assert labels[:2] == ["gpt-5.4", "gpt-5.4-mini"]
    assert labels[-1] == "gpt-5.4-2026-03-05"

"""Fields to choose models: by series, the newest first, as in the model picker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from conversations.models import LanguageModel
from conversations.queries.model_lists import in_series


def grouped(models: Iterable[LanguageModel]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the choices of a select whose values are names."""
    return [
        (series.label, [(model.name, model.label) for model in series.models])
        for series in in_series(models)
    ]


class SeriesIterator(ModelChoiceIterator):  # type: ignore[type-arg]  # generic in the stubs only
    """The choices of a field in groups, one for each series."""

    def __iter__(self) -> Iterator[Any]:
        field: Any = self.field
        if getattr(field, "empty_label", None) is not None:
            yield ("", field.empty_label)
        for series in in_series(self.queryset):
            yield (series.label, [self.choice(model) for model in series.models])


class ModelField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A choice of one model."""

    iterator = SeriesIterator


class ModelsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # as above
    """A choice of several models."""

    iterator = SeriesIterator

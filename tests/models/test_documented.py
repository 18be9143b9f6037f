from __future__ import annotations

from collections import Counter

import pytest

from conversations.models import LanguageModel
from conversations.models.documented import capability_of, documented_models, series_order

NOT_FOR_CHAT = {
    "gpt-4o-mini-tts",
    "gpt-4o-realtime-preview",
    "gpt-4o-realtime-preview-2024-12-17",
    "gpt-4o-transcribe",
    "gpt-4o-transcribe-diarize",
    "gpt-realtime",
    "gpt-realtime-2025-08-28",
}


def test_there_are_66_models_in_the_documents_order() -> None:
    models = documented_models()
    assert [model.position for model in models] == list(range(1, 67))
    assert len({model.name for model in models}) == 66
    assert (models[0].name, models[-1].name) == ("gpt-3.5-turbo", "gpt-oss-120b")


def test_the_ten_series_are_newest_first() -> None:
    assert series_order() == (
        "GPT-5.4",
        "GPT-5.3",
        "GPT-5.2",
        "GPT-5.1",
        "GPT-5",
        "GPT-4.1",
        "GPT-4o",
        "GPT-4",
        "GPT-3.5",
        "Extended capability",
    )
    sizes = Counter(model.series for model in documented_models())
    assert [sizes[series] for series in series_order()] == [5, 4, 5, 6, 10, 6, 11, 9, 5, 5]


def test_seven_are_not_for_chat() -> None:
    refused = {
        model.name
        for model in documented_models()
        if model.capability in LanguageModel.NOT_FOR_CHAT
    }
    assert refused == NOT_FOR_CHAT


def test_capability_is_told_by_name_or_note() -> None:
    capability = LanguageModel.Capability
    assert capability_of("gpt-4o-mini-tts") == capability.SPEECH
    assert capability_of("gpt-4o-transcribe-diarize") == capability.TRANSCRIPTION
    assert capability_of("gpt-4o-realtime-preview") == capability.REALTIME
    assert capability_of("gpt-image-1.5") == capability.IMAGE
    assert capability_of("gpt-oss-120b") == capability.OPEN
    assert capability_of("something-new", "实时语音") == capability.REALTIME
    assert capability_of("boss-1") == capability.CHAT


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("gpt-3.5-turbo", False),
        ("gpt-4", False),
        ("gpt-4-turbo", True),
        ("gpt-4-1106-preview", False),
        ("gpt-4o-mini", True),
        ("gpt-4o-transcribe", False),
        ("gpt-4.1-nano", True),
        ("gpt-5.4", True),
        ("gpt-oss-120b", False),
    ],
)
def test_what_each_family_sees_is_known(name: str, sees: bool) -> None:
    assert {model.name: model.sees_images for model in documented_models()}[name] is sees


def test_every_model_for_chat_says_whether_it_sees_images(db: None) -> None:
    rows = {row.name: row.sees_images for row in LanguageModel.objects.all()}
    assert rows == {model.name: model.sees_images for model in documented_models()}

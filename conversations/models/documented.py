"""The models that the API documents: 66 names in 10 series, read from `documented_models.tsv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from conversations.models.language_models import LanguageModel

PATH = Path(__file__).with_name("documented_models.tsv")
# The default until somebody chooses another: the first name of the newest series.
FIRST_DEFAULT = "gpt-5.4"
EXTENDED = "Extended capability"
# The names of series are proper names, except this one, which is translated.
SERIES_LABELS = {EXTENDED: _("Extended capability")}

_CAPABILITY = LanguageModel.Capability
# A word of the name, or the note in the list, tells the purpose of a model.
_NAME_WORDS = {
    "realtime": _CAPABILITY.REALTIME,
    "tts": _CAPABILITY.SPEECH,
    "transcribe": _CAPABILITY.TRANSCRIPTION,
    "image": _CAPABILITY.IMAGE,
    "oss": _CAPABILITY.OPEN,
}
_NOTES = {
    "实时语音": _CAPABILITY.REALTIME,
    "图像生成": _CAPABILITY.IMAGE,
    "开源大模型": _CAPABILITY.OPEN,
}
_SEES = {"yes": True, "no": False, "": None}


@dataclass(frozen=True, slots=True)
class DocumentedModel:
    """One line of the list; ``position`` counts from 1.

    ``sees_images`` is not part of the API's list: it is what the makers of the families publish.
    """

    name: str
    series: str
    capability: LanguageModel.Capability
    position: int
    sees_images: bool | None


@cache
def documented_models() -> tuple[DocumentedModel, ...]:
    """Return every documented model, in the order of the list."""
    with PATH.open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t")
        return tuple(
            DocumentedModel(
                name=line["name"],
                series=series_in_english(line["series"]),
                capability=capability_of(line["name"], line["note"] or ""),
                position=position,
                sees_images=_SEES[line["images"]],
            )
            for position, line in enumerate(lines, start=1)
        )


def capability_of(name: str, note: str = "") -> LanguageModel.Capability:
    """Return the purpose of a model, by its note or else by a whole word of its name."""
    if note in _NOTES:
        return _NOTES[note]
    words = name.lower().split("-")
    return next((_NAME_WORDS[word] for word in words if word in _NAME_WORDS), _CAPABILITY.CHAT)


def series_in_english(series: str) -> str:
    """Shorten "GPT-5.4 系列" to "GPT-5.4", and the series without a number to EXTENDED."""
    return EXTENDED if "扩展" in series else series.removesuffix("系列").strip()


def series_order() -> tuple[str, ...]:
    """Return the series in the order of pages: newest first, extended capability last."""
    series = dict.fromkeys(model.series for model in documented_models())
    return (*(name for name in reversed(series) if name != EXTENDED), EXTENDED)

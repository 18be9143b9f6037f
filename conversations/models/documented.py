"""The documented list of models as data: 66 names in 10 series (docs of the API, models.tsv)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from conversations.models.language_models import LanguageModel

PATH = Path(__file__).with_name("documented_models.tsv")
# What a team asks when nobody has chosen: the newest series' first name.
FIRST_DEFAULT = "gpt-5.4"
EXTENDED = "Extended capability"
# Series are proper names, but for this one, which people read in their own language.
SERIES_LABELS = {EXTENDED: _("Extended capability")}

_CAPABILITY = LanguageModel.Capability
# A word of the name, or of the document's note, tells what a model is for.
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


@dataclass(frozen=True, slots=True)
class DocumentedModel:
    """One line of the list; ``position`` is its place in the document, from 1."""

    name: str
    series: str
    capability: LanguageModel.Capability
    position: int


@cache
def documented_models() -> tuple[DocumentedModel, ...]:
    """Every documented model, in the document's order."""
    with PATH.open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t")
        return tuple(
            DocumentedModel(
                name=line["name"],
                series=series_in_english(line["series"]),
                capability=capability_of(line["name"], line["note"] or ""),
                position=position,
            )
            for position, line in enumerate(lines, start=1)
        )


def capability_of(name: str, note: str = "") -> LanguageModel.Capability:
    """What a model is for, by the document's note or else by a whole word of its name."""
    if note in _NOTES:
        return _NOTES[note]
    words = name.lower().split("-")
    return next((_NAME_WORDS[word] for word in words if word in _NAME_WORDS), _CAPABILITY.CHAT)


def series_in_english(series: str) -> str:
    """The document's "GPT-5.4 系列" as "GPT-5.4"; its series without a number as EXTENDED."""
    return EXTENDED if "扩展" in series else series.removesuffix("系列").strip()


def series_order() -> tuple[str, ...]:
    """The series as people see them: newest first, extended capability last."""
    series = dict.fromkeys(model.series for model in documented_models())
    return (*(name for name in reversed(series) if name != EXTENDED), EXTENDED)

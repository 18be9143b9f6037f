from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from conversations.forms.argument_sentences import argument_sentences
from conversations.tools.checking import problems_of

SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "minLength": 2, "maxLength": 4},
        "unit": {"enum": ["C", "F", 1]},
        "days": {"type": "integer", "minimum": 1, "maximum": 7, "multipleOf": 2},
        "near": {"type": ["number", "null"], "exclusiveMinimum": 0, "exclusiveMaximum": 9},
        "tags": {"type": "array", "minItems": 1, "maxItems": 2},
        "kind": {"const": True},
        "deep": {"type": "object", "required": ["a", "b"]},
    },
    "required": ["city"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "“city” is missing."),
        ({"city": 1}, "“city” must be text."),
        ({"city": "U"}, "“city” is too short: use at least 2 characters."),
        ({"city": "Munich"}, "“city” is too long: use at most 4 characters."),
        ({"city": "Ulm", "unit": "K"}, "“unit” must be one of: C, F, 1."),
        ({"city": "Ulm", "days": 0}, "“days” must be 1 or more."),
        ({"city": "Ulm", "days": 8}, "“days” must be 7 or less."),
        ({"city": "Ulm", "days": 3}, "“days” must be a multiple of 2."),
        ({"city": "Ulm", "near": "x"}, "“near” must be a number or null."),
        ({"city": "Ulm", "near": 0}, "“near” must be more than 0."),
        ({"city": "Ulm", "near": 9}, "“near” must be less than 9."),
        ({"city": "Ulm", "tags": []}, "“tags” has too few entries: add at least 1."),
        (
            {"city": "Ulm", "tags": [1, 2, 3]},
            "“tags” has too many entries: use at most 2.",
        ),
        ({"city": "Ulm", "kind": False}, "“kind” must be true."),
        ({"city": "Ulm", "deep": {}}, "“deep.a” is missing. “deep.b” is missing."),
        ({"city": "Ulm", "x": 1}, "The tool doesn’t have"),
    ],
)
def test_each_problem_is_a_sentence(arguments: dict[str, Any], said: str) -> None:
    assert said in argument_sentences(problems_of(arguments, SCHEMA))


def test_the_sentences_are_in_the_language_of_the_reader() -> None:
    with translation.override("zh-hans"):
        assert argument_sentences(problems_of({}, SCHEMA)) == "缺少“city”。"

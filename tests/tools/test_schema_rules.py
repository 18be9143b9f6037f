"""JSON Schemas that users write for their tools."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conversations.tools.checking import problems_of
from conversations.tools.schema_rules import MAX_SCHEMA, SchemaProblem, read_schema
from tests.effort import bounded

OBJECT = {"type": "object"}


def code_of(schema: Any) -> str:
    with pytest.raises(SchemaProblem) as caught:
        read_schema(schema if isinstance(schema, str) else json.dumps(schema))
    return caught.value.code


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ("{", "not_json"),
        ("", "not_json"),
        ('{"type": "object", "maxProperties": NaN}', "not_json"),
        ("[" * 5000, "not_json"),
        ([], "not_object"),
        ({}, "not_object"),
        ({"type": "string"}, "not_object"),
        ({**OBJECT, "properties": []}, "not_schema"),
        ({**OBJECT, "properties": {"a": {"type": "text"}}}, "not_schema"),
        ({**OBJECT, "required": "a"}, "not_schema"),
        ({**OBJECT, "properties": {"a b": {}}}, "name"),
        ({**OBJECT, "properties": {"": {}}}, "name"),
        ({**OBJECT, "properties": {f"p{n}": {} for n in range(101)}}, "too_many"),
        ({**OBJECT, "patternProperties": {"(a+)+$": {}}}, "keyword"),
        ({**OBJECT, "$id": "https://example.org/"}, "keyword"),
        ({**OBJECT, "properties": {"a": {"$schema": "x"}}}, "keyword"),
        ({**OBJECT, "properties": {"a": {"$ref": "https://example.org/"}}}, "reference"),
        ({**OBJECT, "description": "x" * MAX_SCHEMA}, "too_long"),
    ],
)
def test_what_cannot_be_used_says_why(schema: Any, code: str) -> None:
    assert code_of(schema) == code


def test_a_good_schema_is_read() -> None:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **OBJECT,
        "properties": {"a": {"$ref": "#/$defs/a"}, "b": {"enum": [1, "x"]}},
        "$defs": {"a": {"type": "string"}},
    }
    read = read_schema(json.dumps(schema))
    assert "$schema" not in read
    [problem] = problems_of({"a": 1}, read)
    assert problem.words == "$.a: 1 is not of type 'string'"
    assert problems_of({"a": "x", "b": "x"}, read) == []


def test_where_json_breaks_off_is_told() -> None:
    with pytest.raises(SchemaProblem) as caught:
        read_schema('{\n  "type": "object",\n}')
    assert caught.value.detail.startswith("3:")


@pytest.mark.parametrize(
    ("schema", "arguments"),
    [
        # Many rules apply to each of many items.
        (
            {"properties": {"x": {"items": {"allOf": [{"type": "integer"}] * 500}}}},
            {"x": [1] * 20_000},
        ),
        # The number of references doubles at each step.
        (
            {
                "$ref": "#/$defs/d0",
                "$defs": {
                    f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)
                }
                | {"d40": {}},
            },
            {},
        ),
        ({"properties": {"x": {"items": {"enum": list(range(2500))}}}}, {"x": ["a"] * 20_000}),
        ({"$ref": "#"}, {}),
        # Another dialect would allow its regular expressions.
        ({"properties": {"x": {"pattern": "(a+)+$"}}}, {"x": "a" * 60 + "!"}),
        ({"unevaluatedProperties": {"$ref": "#"}, "allOf": [{"$ref": "#"}] * 3}, {"x": 1}),
    ],
)
def test_no_schema_holds_the_server_up(schema: dict[str, Any], arguments: dict[str, Any]) -> None:
    read = read_schema(json.dumps({**OBJECT, **schema}))
    with bounded():
        problems_of(arguments, read)

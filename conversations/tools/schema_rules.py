"""Validation of the JSON Schema that a user writes for a tool."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from conversations.tools.checking import problems_of_schema
from conversations.tools.url_template import NAME

MAX_SCHEMA = 16 * 1024
MAX_PROPERTIES = 100
_NAME = re.compile(NAME)
# These change a schema's dialect or refer to other documents; `patternProperties` contains
# regular expressions, which may never end.
_REFUSED = frozenset({"$id", "$schema", "$vocabulary", "$recursiveRef", "patternProperties"})
_REFERENCES = frozenset({"$ref", "$dynamicRef"})


class SchemaProblem(ValueError):  # noqa: N818 - it is what is wrong with somebody's text
    """A schema that cannot be used.

    ``code`` is too_long, not_json, not_object, name, too_many, keyword, reference or not_schema.
    ``detail`` is the place, the word concerned, or the message of the check in English.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code, self.detail = code, detail


def read_schema(text: str) -> dict[str, Any]:
    """Parse and check a schema. Raises SchemaProblem."""
    if len(text) > MAX_SCHEMA:
        raise SchemaProblem("too_long")
    schema = _parsed(text)
    if not isinstance(schema, dict) or schema.get("type") != "object":
        raise SchemaProblem("not_object")
    # Editors write `$schema` at the top, where it is harmless.
    schema.pop("$schema", None)
    if problems := problems_of_schema(schema):
        raise SchemaProblem("not_schema", problems[0])
    _check_names(schema.get("properties", {}))
    for keyword, value in _keywords(schema):
        if keyword in _REFUSED:
            raise SchemaProblem("keyword", keyword)
        if keyword in _REFERENCES and not str(value).startswith("#"):
            raise SchemaProblem("reference", str(value)[:100])
    return schema


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise SchemaProblem("not_json", f"{error.lineno}:{error.colno}") from None
    except (RecursionError, ValueError):
        raise SchemaProblem("not_json", "1:1") from None


def _refuse_constant(name: str) -> Any:
    """Refuse NaN and Infinity, which Python accepts but JSON does not have."""
    raise ValueError(name)


def _check_names(properties: dict[str, Any]) -> None:
    if len(properties) > MAX_PROPERTIES:
        raise SchemaProblem("too_many", str(MAX_PROPERTIES))
    for name in properties:
        if not _NAME.fullmatch(name):
            raise SchemaProblem("name", name[:100])


def _keywords(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every pair that may be a keyword, since a reference may lead to any place."""
    if isinstance(value, dict):
        yield from value.items()
        for each in value.values():
            yield from _keywords(each)
    elif isinstance(value, list):
        for each in value:
            yield from _keywords(each)

"""Sentences about a tool's JSON Schema, and about arguments that do not fit it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from conversations.tools.checking import SchemaProblem
from conversations.tools.schema_rules import SchemaProblem as SchemaFault

_TYPES: dict[str, Promise] = {
    "string": pgettext_lazy("a kind of value", "text"),
    "integer": pgettext_lazy("a kind of value", "a whole number"),
    "number": pgettext_lazy("a kind of value", "a number"),
    "boolean": pgettext_lazy("a kind of value", "true or false"),
    "array": pgettext_lazy("a kind of value", "a list"),
    "object": pgettext_lazy("a kind of value", "an object"),
    "null": pgettext_lazy("a kind of value", "null"),
}
# Demands on the value at a place, by the keyword of the schema.
_DEMANDS: dict[str, Promise] = {
    "enum": gettext_lazy("“%(place)s” must be one of: %(demand)s."),
    "const": gettext_lazy("“%(place)s” must be %(demand)s."),
    "minimum": gettext_lazy("“%(place)s” must be %(demand)s or more."),
    "maximum": gettext_lazy("“%(place)s” must be %(demand)s or less."),
    "exclusiveMinimum": gettext_lazy("“%(place)s” must be more than %(demand)s."),
    "exclusiveMaximum": gettext_lazy("“%(place)s” must be less than %(demand)s."),
    "multipleOf": gettext_lazy("“%(place)s” must be a multiple of %(demand)s."),
    "minLength": gettext_lazy("“%(place)s” is too short: use at least %(demand)s characters."),
    "maxLength": gettext_lazy("“%(place)s” is too long: use at most %(demand)s characters."),
    "minItems": gettext_lazy("“%(place)s” has too few entries: add at least %(demand)s."),
    "maxItems": gettext_lazy("“%(place)s” has too many entries: use at most %(demand)s."),
    "type": gettext_lazy("“%(place)s” must be %(demand)s."),
    "size": gettext_lazy("These arguments are too large to check."),
    "depth": gettext_lazy("The arguments or the tool’s schema are nested too deeply."),
    "reference": gettext_lazy("The tool’s schema refers to something that doesn’t exist."),
}
_LONGEST = 200
_SCHEMA_FAULTS = {
    "too_long": gettext_lazy("The schema is too long. The limit is 16 KB."),
    "not_json": gettext_lazy("This isn’t valid JSON. Check line and column %(detail)s."),
    "not_object": gettext_lazy('Parameters must be an object: start with "type": "object".'),
    "name": gettext_lazy(
        "“%(detail)s” can’t name a parameter: use letters, digits, _ . and - only."
    ),
    "too_many": gettext_lazy("A tool has at most %(detail)s parameters."),
    "keyword": gettext_lazy("“%(detail)s” isn’t supported. Leave it out."),
    "reference": gettext_lazy(
        "References must stay inside the schema and start with #: “%(detail)s” doesn’t."
    ),
    "not_schema": gettext_lazy("This isn’t a JSON Schema: %(detail)s"),
}


def schema_sentence(fault: SchemaFault) -> str:
    """Return what is wrong with a schema. The detail of the check itself is in English."""
    return str(_SCHEMA_FAULTS[fault.code]) % {"detail": fault.detail}


def argument_sentences(problems: Iterable[SchemaProblem]) -> str:
    """Return all problems in the reader's language; rare ones in the English of the check."""
    return " ".join(dict.fromkeys(each for problem in problems for each in _sentences(problem)))


def _sentences(problem: SchemaProblem) -> Iterator[str]:
    if problem.code == "required":
        at = f"{problem.place}." if problem.place else ""
        for name in problem.demand:
            if name not in problem.found:
                yield _("“%(place)s” is missing.") % {"place": f"{at}{name}"}
    elif problem.code == "additionalProperties" and problem.demand is False:
        yield _("The tool doesn’t have these arguments: %(words)s") % {"words": problem.words}
    elif sentence := _DEMANDS.get(problem.code):
        place = problem.place or _("The arguments")
        yield str(sentence) % {"place": place, "demand": _demand(problem.code, problem.demand)}
    else:
        yield problem.words


def _demand(code: str, demand: Any) -> str:
    if code == "type":
        kinds = demand if isinstance(demand, list) else [demand]
        return _(" or ").join(str(_TYPES.get(kind, kind)) for kind in kinds)
    if code == "enum":
        return Truncator(", ".join(_spelled(value) for value in demand)).chars(_LONGEST)
    return Truncator(_spelled(demand)).chars(_LONGEST)


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

"""What is said to people of arguments that do not fit a tool's schema."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from conversations.tools.checking import SchemaProblem

_TYPES: dict[str, Promise] = {
    "string": pgettext_lazy("a kind of value", "text"),
    "integer": pgettext_lazy("a kind of value", "a whole number"),
    "number": pgettext_lazy("a kind of value", "a number"),
    "boolean": pgettext_lazy("a kind of value", "true or false"),
    "array": pgettext_lazy("a kind of value", "a list"),
    "object": pgettext_lazy("a kind of value", "an object"),
    "null": pgettext_lazy("a kind of value", "null"),
}
# By the schema's keyword: what it demands of the value at a place.
_DEMANDS: dict[str, Promise] = {
    "enum": gettext_lazy("“%(place)s” must be one of: %(demand)s."),
    "const": gettext_lazy("“%(place)s” must be %(demand)s."),
    "minimum": gettext_lazy("“%(place)s” must be %(demand)s or more."),
    "maximum": gettext_lazy("“%(place)s” must be %(demand)s or less."),
    "exclusiveMinimum": gettext_lazy("“%(place)s” must be more than %(demand)s."),
    "exclusiveMaximum": gettext_lazy("“%(place)s” must be less than %(demand)s."),
    "multipleOf": gettext_lazy("“%(place)s” must be a multiple of %(demand)s."),
    "minLength": gettext_lazy("“%(place)s” is too short: its least length is %(demand)s."),
    "maxLength": gettext_lazy("“%(place)s” is too long: its greatest length is %(demand)s."),
    "minItems": gettext_lazy("“%(place)s” has too few entries: the least number is %(demand)s."),
    "maxItems": gettext_lazy(
        "“%(place)s” has too many entries: the greatest number is %(demand)s."
    ),
    "type": gettext_lazy("“%(place)s” must be %(demand)s."),
    "size": gettext_lazy("There is more in these arguments than can be checked."),
    "depth": gettext_lazy("The arguments or the tool’s schema are nested too deeply."),
    "reference": gettext_lazy("The tool’s schema refers to what is not there."),
}
_LONGEST = 200


def argument_sentences(problems: Iterable[SchemaProblem]) -> str:
    """Each problem in the reader's language; of rare ones the words of the check itself."""
    return " ".join(dict.fromkeys(said for problem in problems for said in _sentences(problem)))


def _sentences(problem: SchemaProblem) -> Iterator[str]:
    if problem.code == "required":
        at = f"{problem.place}." if problem.place else ""
        for name in problem.demand:
            if name not in problem.found:
                yield _("“%(place)s” is missing.") % {"place": f"{at}{name}"}
    elif problem.code == "additionalProperties" and problem.demand is False:
        yield _("There are arguments that the tool does not know: %(words)s") % {
            "words": problem.words
        }
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

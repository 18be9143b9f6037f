"""Validation of a call's arguments against the tool's JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable

MAX_PROBLEMS = 5


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """One fault in the arguments, in words for the model and as data for the page.

    ``code`` is the schema's keyword, or "reference", "depth" or "size"; ``demand`` is the value of
    the keyword, ``place`` the JSON path, ``found`` the value there.
    """

    code: str
    words: str
    place: str = ""
    demand: Any = None
    found: Any = None


_MAX_WORDS = 300
_Check = Callable[[Any, Any, Any, Any], Any]


# A check runs on the event loop and a schema can be hostile, so its steps are bounded.
MAX_STEPS = 50_000
_steps: ContextVar[int] = ContextVar("steps")


class _TooMuchError(Exception):
    """The check took more than MAX_STEPS."""


def _accept_anything(*_: Any) -> Iterator[ValidationError]:
    """Skip a keyword of which a check may never end, such as a regular expression."""
    return iter(())


def _counted(check: _Check) -> _Check:
    """Wrap the check of a keyword, so that it costs a step and one more for each item."""

    def counted(validator: Any, value: Any, instance: Any, schema: Any) -> Any:
        left = _steps.get() - 1 - (len(value) if isinstance(value, list | dict) else 0)
        if left < 0:
            raise _TooMuchError
        _steps.set(left)
        return check(validator, value, instance, schema)

    return counted


# A pattern may never end, uniqueness takes quadratic time, and the unevaluated keywords walk the
# schema again. The tool must check these itself.
_UNCHECKED = (
    "pattern",
    "patternProperties",
    "uniqueItems",
    "unevaluatedItems",
    "unevaluatedProperties",
)
_Validator = extend(
    Draft202012Validator,
    {
        **{name: _counted(check) for name, check in Draft202012Validator.VALIDATORS.items()},
        **dict.fromkeys(_UNCHECKED, _accept_anything),
    },
)


def problems_of_schema(parameters: object) -> list[str]:
    """Return the faults of a tool's schema, for its author; empty for a valid one."""
    if not isinstance(parameters, dict) or parameters.get("type") != "object":
        return ['The schema must be an object with "type": "object".']
    try:
        Draft202012Validator.check_schema(parameters)
    except SchemaError as error:
        return [_words(error)]
    except RecursionError:
        return ["The schema is nested too deeply."]
    return []


def problems_of(arguments: Mapping[str, Any], parameters: Mapping[str, Any]) -> list[SchemaProblem]:
    """Return the faults of the arguments, at most MAX_PROBLEMS; empty if they are valid.

    A `$ref` is resolved within the schema only; nothing is fetched.
    """
    _steps.set(MAX_STEPS)
    validator = _Validator(parameters, registry=Registry())
    try:
        return [_problem(error) for error in islice(validator.iter_errors(arguments), MAX_PROBLEMS)]
    except Unresolvable as error:
        said = f"The tool's schema refers to what is not there: {str(error)[:_MAX_WORDS]}"
        return [SchemaProblem("reference", said)]
    except RecursionError:
        said = "The arguments or the tool's schema are nested too deeply."
        return [SchemaProblem("depth", said)]
    except _TooMuchError:
        return [SchemaProblem("size", "These arguments are too large to check.")]


def _problem(error: ValidationError) -> SchemaProblem:
    return SchemaProblem(
        code=str(error.validator),
        words=_words(error),
        place=error.json_path.removeprefix("$").removeprefix("."),
        demand=error.validator_value,
        found=error.instance,
    )


def _words(error: ValidationError | SchemaError) -> str:
    message = error.message
    said = message if len(message) <= _MAX_WORDS else f"{message[:_MAX_WORDS]}…"
    place = error.json_path
    return said if place == "$" else f"{place}: {said}"

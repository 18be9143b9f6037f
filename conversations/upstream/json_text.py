"""JSON as upstreams write it."""

from __future__ import annotations

import json
from typing import cast

import orjson


class BadJSONError(ValueError):
    """The text is not JSON, or is nested too deeply to be read."""


def load(payload: str | bytes) -> object:
    """Read JSON; raise `BadJSONError`. Lone surrogates pass, nesting is bounded."""
    try:
        return cast("object", orjson.loads(payload))
    except ValueError:
        pass  # orjson refuses lone surrogates, NaN and raw control characters, which some send
    try:
        return cast("object", json.loads(payload, strict=False))
    except (ValueError, RecursionError) as error:
        raise BadJSONError(type(error).__name__) from None

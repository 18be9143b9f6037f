"""The shapes in which upstreams call tools, by the documented API and by other servers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fakes.behaviours import Behaviour, body
from tests.fakes.reply import USAGE

PRODUCT = '{"expression": "6 * 7"}'
SUM = '{"expression": "1 + 1"}'
WORDS = "Let me see."
Called = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Shape:
    """An answer in deltas or in one message, and the calls that it contains.

    A call is (id, name, arguments). Where `fails`, none of them can be run.
    """

    said: Sequence[Mapping[str, Any]]
    calls: tuple[Called, ...]
    words: str = ""
    finish: str = "tool_calls"
    is_whole: bool = False
    fails: bool = False

    @property
    def body(self) -> bytes:
        """Return the answer as bytes, plain or as a stream."""
        if self.is_whole:
            [message] = self.said
            choice = {"index": 0, "message": message, "finish_reason": self.finish}
            return json.dumps({"choices": [choice], "usage": USAGE}).encode()
        deltas = [{"index": 0, "delta": delta} for delta in self.said]
        payloads = [*deltas, {"index": 0, "delta": {}, "finish_reason": self.finish}]
        events = [f"data: {json.dumps({'choices': [choice]})}\n\n" for choice in payloads]
        return "".join([*events, "data: [DONE]\n\n"]).encode()

    @property
    def content_type(self) -> str:
        return "application/json" if self.is_whole else "text/event-stream"


def _call(
    arguments: object = None, name: str | None = None, /, **fields: object
) -> dict[str, object]:
    """Return a call or a piece of one, without the fields that are None."""
    function = {"name": name, "arguments": arguments}
    return {**fields, "function": {key: said for key, said in function.items() if said is not None}}


def _delta(*calls: Mapping[str, object]) -> dict[str, object]:
    return {"tool_calls": list(calls)}


def _pieces(text: str) -> list[str]:
    return re.findall(r".{1,6}", text)


_A: Called = ("a", "calculator", PRODUCT)
_B: Called = ("b", "calculator", SUM)
_FIRST = _call("", "calculator", index=0, id="a", type="function")
_SECOND = _call("", "calculator", index=1, id="b", type="function")
_OLD = {"name": "calculator", "arguments": PRODUCT}
_BOTH = zip(_pieces(PRODUCT), _pieces(SUM), strict=True)

STREAMED = {
    "in_pieces": Shape(
        [
            {"role": "assistant", "content": None},
            _delta(_FIRST),
            *[_delta(_call(piece, index=0)) for piece in _pieces(PRODUCT)],
        ],
        (_A,),
    ),
    "in_one_chunk": Shape([_delta(_call(PRODUCT, "calculator", index=0, id="a"))], (_A,)),
    "two_in_one_chunk": Shape(
        [
            _delta(
                _call(PRODUCT, "calculator", index=0, id="a"),
                _call(SUM, "calculator", index=1, id="b"),
            )
        ],
        (_A, _B),
    ),
    "one_after_the_other": Shape(
        [
            _delta(_FIRST),
            *[_delta(_call(piece, index=0)) for piece in _pieces(PRODUCT)],
            _delta(_SECOND),
            *[_delta(_call(piece, index=1)) for piece in _pieces(SUM)],
        ],
        (_A, _B),
    ),
    "interleaved": Shape(
        [
            _delta(_FIRST, _SECOND),
            *[
                _delta(_call(piece, index=index))
                for both in _BOTH
                for index, piece in enumerate(both)
            ],
        ],
        (_A, _B),
    ),
    "id_and_name_repeated": Shape(
        [_delta(_call(piece, "calculator", index=0, id="a")) for piece in _pieces(PRODUCT)], (_A,)
    ),
    "repeated_without_index": Shape(
        [
            *[_delta(_call(piece, "calculator", id="a")) for piece in _pieces(PRODUCT)],
            *[_delta(_call(piece, "calculator", id="b")) for piece in _pieces(SUM)],
        ],
        (_A, _B),
    ),
    "one_index_for_all": Shape(
        [
            _delta(_call(PRODUCT, "calculator", index=0, id="a")),
            _delta(_call(SUM, "calculator", index=0, id="b")),
        ],
        (_A, _B),
    ),
    "no_index_and_no_id": Shape(
        [
            _delta(_call(None, "calculator")),
            *[_delta(_call(piece)) for piece in _pieces(PRODUCT)],
        ],
        (("call_1", "calculator", PRODUCT),),
    ),
    "index_is_a_string": Shape([_delta(_call(PRODUCT, "calculator", index="0", id="a"))], (_A,)),
    "no_id": Shape(
        [_delta(_call(PRODUCT, "calculator", index=0)), _delta(_call(SUM, "calculator", index=1))],
        (("call_1", "calculator", PRODUCT), ("call_2", "calculator", SUM)),
    ),
    "empty_id": Shape(
        [_delta(_call(PRODUCT, "calculator", index=0, id=""))], (("call_1", "calculator", PRODUCT),)
    ),
    "one_id_for_all": Shape(
        [
            _delta(_call(PRODUCT, "calculator", index=0, id="a")),
            _delta(_call(SUM, "calculator", index=1, id="a")),
        ],
        (_A, ("a-2", "calculator", SUM)),
    ),
    "id_comes_late": Shape(
        [_delta(_call("", "calculator", index=0)), _delta(_call(PRODUCT, index=0, id="a"))], (_A,)
    ),
    "name_in_pieces": Shape(
        [
            _delta(_call(None, "calcu", index=0, id="a")),
            _delta(_call(None, "lator", index=0)),
            _delta(_call(PRODUCT, index=0)),
        ],
        (_A,),
    ),
    "empty_arguments": Shape(
        [_delta(_call("", "current_time", index=0, id="a"))], (("a", "current_time", ""),)
    ),
    "no_arguments": Shape(
        [_delta(_call(None, "current_time", index=0, id="a"))], (("a", "current_time", ""),)
    ),
    "broken_arguments": Shape(
        [_delta(_call('{"expression": "6', "calculator", index=0, id="a"))],
        (("a", "calculator", '{"expression": "6'),),
        fails=True,
    ),
    "arguments_are_an_object": Shape(
        [_delta(_call({"expression": "6 * 7"}, "calculator", index=0, id="a"))],
        (("a", "calculator", '{"expression":"6 * 7"}'),),
    ),
    "unknown_name": Shape(
        [_delta(_call("{}", "weather", index=0, id="a"))], (("a", "weather", "{}"),), fails=True
    ),
    "no_function": Shape(
        [_delta({"index": 0, "id": "a", "name": "calculator", "arguments": PRODUCT})], (_A,)
    ),
    "no_list": Shape(
        [{"tool_calls": _call(PRODUCT, "calculator", index=0, id="a")}],
        (_A,),
    ),
    "function_call": Shape(
        [
            {"function_call": {"name": "calculator", "arguments": ""}},
            *[{"function_call": {"arguments": piece}} for piece in _pieces(PRODUCT)],
        ],
        (("call_1", "calculator", PRODUCT),),
        finish="function_call",
    ),
    "both_old_and_new": Shape(
        [{"function_call": _OLD, **_delta(_call(PRODUCT, "calculator", index=0, id="a"))}], (_A,)
    ),
    "after_words": Shape(
        [{"content": WORDS}, _delta(_call(PRODUCT, "calculator", index=0, id="a"))],
        (_A,),
        words=WORDS,
    ),
    "beside_words": Shape(
        [{"content": WORDS, **_delta(_call(PRODUCT, "calculator", index=0, id="a"))}],
        (_A,),
        words=WORDS,
    ),
    "after_reasoning": Shape(
        [{"reasoning_content": "hm"}, _delta(_call(PRODUCT, "calculator", index=0, id="a"))], (_A,)
    ),
    "end_is_called_stop": Shape(
        [_delta(_call(PRODUCT, "calculator", index=0, id="a"))], (_A,), finish="stop"
    ),
}


def _whole(*calls: Mapping[str, object], expected: Sequence[Called], fails: bool = False) -> Shape:
    message = {"role": "assistant", "content": None, **_delta(*calls)}
    return Shape([message], tuple(expected), is_whole=True, fails=fails)


WHOLE = {
    "documented": _whole(_call(PRODUCT, "calculator", id="a", type="function"), expected=[_A]),
    "two": _whole(
        _call(PRODUCT, "calculator", id="a"), _call(SUM, "calculator", id="b"), expected=[_A, _B]
    ),
    "two_with_one_index": _whole(
        _call(PRODUCT, "calculator", id="a", index=0),
        _call(SUM, "calculator", id="b", index=0),
        expected=[_A, _B],
    ),
    "no_id": _whole(
        _call(PRODUCT, "calculator"),
        _call(SUM, "calculator"),
        expected=[("call_1", "calculator", PRODUCT), ("call_2", "calculator", SUM)],
    ),
    "one_id_for_all": _whole(
        _call(PRODUCT, "calculator", id="a"),
        _call(SUM, "calculator", id="a"),
        expected=[_A, ("a-2", "calculator", SUM)],
    ),
    "empty_arguments": _whole(
        _call("", "current_time", id="a"), expected=[("a", "current_time", "")]
    ),
    "no_arguments": _whole(
        _call(None, "current_time", id="a"), expected=[("a", "current_time", "")]
    ),
    "broken_arguments": _whole(
        _call('{"expression": "6', "calculator", id="a"),
        expected=[("a", "calculator", '{"expression": "6')],
        fails=True,
    ),
    "arguments_are_an_object": _whole(
        _call({"expression": "6 * 7"}, "calculator", id="a"),
        expected=[("a", "calculator", '{"expression":"6 * 7"}')],
    ),
    "unknown_name": _whole(
        _call("{}", "weather", id="a"), expected=[("a", "weather", "{}")], fails=True
    ),
    "no_function": _whole({"id": "a", "name": "calculator", "arguments": PRODUCT}, expected=[_A]),
    "no_list": Shape(
        [{"content": None, "tool_calls": _call(PRODUCT, "calculator", id="a")}],
        (_A,),
        is_whole=True,
    ),
    "function_call": Shape(
        [{"content": None, "function_call": _OLD}],
        (("call_1", "calculator", PRODUCT),),
        finish="function_call",
        is_whole=True,
    ),
    "beside_words": Shape(
        [{"content": WORDS, **_delta(_call(PRODUCT, "calculator", id="a"))}],
        (_A,),
        words=WORDS,
        is_whole=True,
    ),
}

SHAPES = {
    **{f"{name}_streamed": shape for name, shape in STREAMED.items()},
    **{f"{name}_whole": shape for name, shape in WHOLE.items()},
}


def make_calls(shape: Shape, *, size: int | None = None) -> Behaviour:
    """Answer in this shape, in one piece or in pieces of so many bytes, whatever was asked for."""
    whole = shape.body
    step = size or len(whole)
    pieces = [whole[at : at + step] for at in range(0, len(whole), step)]
    return body(*pieces, content_type=shape.content_type, delay=0)

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.tools.arithmetic import BadExpressionError, calculate
from tests.effort import bounded


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("0.1 + 0.2", "0.3"),
        ("2^3^2", "512"),
        ("-2^2", "-4"),
        ("2**-1", "0.5"),
        ("--3", "3"),
        ("7 % 3", "1"),
        ("-7 % 3", "2"),
        ("-7 // 2", "-4"),
        ("10 % (4)", "2"),
        ("15% * 80", "12"),
        ("200 + 10%", "200.1"),
        ("5!", "120"),
        ("20 × 3 ÷ 4 − 1", "14"),
        ("1_000_000 * 3", "3000000"),
        (".5 + 1.", "1.5"),
        ("1e3", "1000"),
        ("1/3", "0.3333333333333333333333333333333333"),
        ("2^100", "1267650600228229401496703205376"),
        ("2^200", "1.606938044258990275541962092341163E+60"),
        ("sqrt(2)^2", "2"),
        ("log(1000)", "3"),
        ("log(8, 2)", "3"),
        ("ln(e)", "1"),
        ("round(2.345, 2)", "2.35"),
        ("round(2.5)", "3"),
        ("max(1, 2, 3) - min(4, 5)", "-1"),
        ("floor(-1.5) + ceil(1.2)", "0"),
        ("sin(pi/2)", "1"),
        ("Sqrt(16)", "4"),
        ("0.0000001 * 3", "0.0000003"),
        ("-0", "0"),
        ("abs(-3.50)", "3.5"),
    ],
)
def test_results(expression: str, result: str) -> None:
    assert calculate(expression) == result


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("", "a number is missing at the end"),
        ("1 +", "a number is missing at the end"),
        ("* 2", 'a number is missing before "*"'),
        ("(1", 'a ")" is missing'),
        ("1)", '")" is not expected there'),
        ("2 3", '"3" is not expected there'),
        ("1/0", "divides by zero"),
        ("0/0", "no result"),
        ("5 % 0", "divides by zero"),
        ("sqrt(-1)", "no result"),
        ("ln(0)", "no result"),
        ("asin(2)", "no result"),
        ("(-8)^0.5", "no result"),
        ("9^9^9^9", "too large"),
        ("exp(99999)", "too large"),
        ("tan(1e400)", "too large|no result"),
        ("1001!", "factorial takes"),
        ("round(1, 0.5)", "whole number of digits"),
        ("nothing(1)", '"nothing" is not known'),
        ("__import__('os')", "cannot be read"),
        ("().__class__", "a number is missing|cannot be read"),
        ("log(1, 2, 3)", "log takes 1 to 2"),
        ("sqrt 2", 'a "\\(" is missing'),
        ("(" * 100, "too deeply"),
        ("2^" * 100 + "2", "too deeply|too large"),
        ("1" * 1001, "over 1000 characters"),
    ],
)
def test_what_cannot_be_worked_out(expression: str, words: str) -> None:
    with pytest.raises(BadExpressionError, match=words.replace("*", "\\*").replace(')"', '\\)"')):
        calculate(expression)


EXPRESSIONS = st.recursive(
    st.integers(0, 999).map(str),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(
        lambda three: f"({' '.join(three)})"
    ),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_whole_numbers_are_what_python_says(expression: str) -> None:
    expected = eval(expression)
    if abs(expected) < 10**34:
        assert calculate(expression) == str(expected)


@given(st.integers(-999, 999), st.integers(1, 999))
def test_remainders_and_quotients_are_what_python_says(left: int, right: int) -> None:
    assert calculate(f"({left}) % ({right})") == str(left % right)
    assert calculate(f"({left}) // {right}") == str(left // right)
    assert abs(Fraction(calculate(f"({left}) / {right}")) - Fraction(left, right)) < Fraction(
        1, 10**29
    )


@given(st.text("0123456789.+-*/%^!(),eE pisqrt", max_size=40))
def test_any_text_ends_in_a_result_or_a_reason(text: str) -> None:
    with suppress(BadExpressionError):
        assert calculate(text)


@pytest.mark.parametrize("expression", ["9.9^9999", "1000!^3", "exp(9999)^0.5", "7^0.123456789"])
def test_effort_is_bounded(expression: str) -> None:
    with bounded(), suppress(BadExpressionError):
        calculate(expression)

"""An evaluator of arithmetic in decimal numbers, with bounded effort and without `eval`."""

from __future__ import annotations

import decimal
import math
import re
from collections.abc import Callable
from decimal import Decimal

MAX_CHARACTERS = 1000
MAX_DEPTH = 60
_LARGEST_FACTORIAL = 1000
_CONTEXT = decimal.Context(prec=34, Emax=9999, Emin=-9999)
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9][0-9_]*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9]*)|(?P<sign>\*\*|//|[-+*/%^!(),]))"
)
_SIGNS = str.maketrans("×·÷−–（），", "**/--(),")
_CONSTANTS = {
    "pi": Decimal("3.141592653589793238462643383279502884"),
    "e": Decimal("2.718281828459045235360287471352662498"),
}


class BadExpressionError(ValueError):
    """An expression without a result; the message is for the model."""


def _inexactly(function: Callable[[float], float]) -> Callable[[Decimal], Decimal]:
    """Wrap a function of floats, whose results have about 15 correct digits."""
    return lambda value: Decimal(repr(function(float(value))))


def _round(value: Decimal, digits: Decimal = Decimal(0)) -> Decimal:
    if digits != int(digits) or abs(digits) > 100:
        raise BadExpressionError("round takes a whole number of digits.")
    return value.quantize(Decimal(1).scaleb(-int(digits)), decimal.ROUND_HALF_UP)


def _log(value: Decimal, base: Decimal | None = None) -> Decimal:
    return value.log10() if base is None else value.ln() / base.ln()


def _factorial(value: Decimal) -> Decimal:
    if value != value.to_integral_value() or not 0 <= value <= _LARGEST_FACTORIAL:
        raise BadExpressionError(f"factorial takes a whole number from 0 to {_LARGEST_FACTORIAL}.")
    result = Decimal(1)
    for factor in range(2, int(value) + 1):
        result *= factor
    return result


_FLOATING = (
    "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "degrees", "radians",
)  # fmt: skip
_ONE: dict[str, Callable[[Decimal], Decimal]] = {
    "sqrt": Decimal.sqrt,
    "abs": abs,
    "floor": lambda value: value.to_integral_value(decimal.ROUND_FLOOR),
    "ceil": lambda value: value.to_integral_value(decimal.ROUND_CEILING),
    "exp": Decimal.exp,
    "ln": Decimal.ln,
    "factorial": _factorial,
    **{name: _inexactly(getattr(math, name)) for name in _FLOATING},
}
# Each function with the least and the greatest number of its arguments.
FUNCTIONS: dict[str, tuple[Callable[..., Decimal], int, int]] = {
    **{name: (function, 1, 1) for name, function in _ONE.items()},
    "log": (_log, 1, 2),
    "round": (_round, 1, 2),
    "min": (min, 1, 100),
    "max": (max, 1, 100),
}


def calculate(expression: str) -> str:
    """Evaluate an expression. Raises BadExpressionError."""
    if len(expression) > MAX_CHARACTERS:
        raise BadExpressionError(f"the expression is over {MAX_CHARACTERS} characters.")
    try:
        with decimal.localcontext(_CONTEXT):
            return _written(_Parser(_tokens(expression)).whole())
    except (decimal.DivisionByZero, decimal.DivisionUndefined):
        raise BadExpressionError("this divides by zero.") from None
    except (decimal.Overflow, OverflowError):
        raise BadExpressionError("the result is too large.") from None
    except (decimal.InvalidOperation, ValueError) as error:
        if isinstance(error, BadExpressionError):
            raise
        raise BadExpressionError("this has no result among the real numbers.") from None


def _tokens(expression: str) -> list[tuple[str, str]]:
    text, at, found = expression.translate(_SIGNS), 0, []
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadExpressionError(f'"{text[at:].strip()[:20]}" cannot be read as arithmetic.')
        at = match.end()
        found.append((match.lastgroup or "", match.group(match.lastgroup or 0)))
    return found


def _written(value: Decimal) -> str:
    """Format a number without trailing zeros, and with an exponent only beyond 34 digits."""
    if not value.is_finite():
        raise BadExpressionError("this has no result among the real numbers.")
    if value == value.to_integral_value() and abs(value) < Decimal(10) ** 34:
        return str(value.quantize(Decimal(1)) + 0)
    value = value.normalize()
    return f"{value:f}" if -10 < value.adjusted() < 34 else str(value)


class _Parser:
    """A recursive descent parser that evaluates while it reads."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Decimal:
        value = self._sum()
        if self._at < len(self._tokens):
            raise BadExpressionError(f'"{self._tokens[self._at][1]}" is not expected there.')
        return +value

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, *signs: str) -> str:
        """Consume and return the next sign if it is one of these, else return ""."""
        kind, text = self._peek()
        if kind != "sign" or text not in signs:
            return ""
        self._at += 1
        return text

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise BadExpressionError(f'a "{sign}" is missing.')

    def _sum(self) -> Decimal:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise BadExpressionError("the expression is nested too deeply.")
        value = self._product()
        while sign := self._take("+", "-"):
            value = value + self._product() if sign == "+" else value - self._product()
        self._depth -= 1
        return value

    def _product(self) -> Decimal:
        value = self._signed()
        while sign := self._take("*", "/", "//", "%"):
            right = self._signed()
            match sign:
                case "*":
                    value *= right
                case "/":
                    value /= right
                case "//":
                    value = (value / right).to_integral_value(decimal.ROUND_FLOOR)
                case _:
                    value -= right * (value / right).to_integral_value(decimal.ROUND_FLOOR)
        return value

    def _signed(self) -> Decimal:
        is_negative = False
        while sign := self._take("+", "-"):
            is_negative ^= sign == "-"
        value = self._power()
        return -value if is_negative else value

    def _power(self) -> Decimal:
        value = self._postfixed()
        if not self._take("^", "**"):
            return value
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise BadExpressionError("the expression is nested too deeply.")
        # The exponent is a signed power itself, so that 2^3^2 is 2^9 and 2^-1 is a half.
        exponent = self._signed()
        self._depth -= 1
        return value**exponent

    def _postfixed(self) -> Decimal:
        value = self._operand()
        while True:
            if self._take("!"):
                value = _factorial(value)
            elif self._is_percent():
                self._at += 1
                value /= 100
            else:
                return value

    def _is_percent(self) -> bool:
        """Whether the next sign is a percent sign, and not a remainder with an operand after it."""
        if self._peek() != ("sign", "%"):
            return False
        self._at += 1
        kind, text = self._peek()
        self._at -= 1
        return not (kind in {"number", "name"} or text == "(")

    def _operand(self) -> Decimal:
        kind, text = self._peek()
        self._at += 1
        if kind == "number":
            return _CONTEXT.create_decimal(text.replace("_", ""))
        if kind == "name":
            return self._named(text.casefold())
        if text == "(":
            value = self._sum()
            self._expect(")")
            return value
        where = f'before "{text}"' if text else "at the end"
        raise BadExpressionError(f"a number is missing {where}.")

    def _named(self, name: str) -> Decimal:
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name not in FUNCTIONS:
            raise BadExpressionError(f'"{name[:20]}" is not known.')
        self._expect("(")
        values = [self._sum()]
        while self._take(","):
            values.append(self._sum())
        self._expect(")")
        function, least, most = FUNCTIONS[name]
        if not least <= len(values) <= most:
            raise BadExpressionError(f"{name} takes {least} to {most} arguments.")
        return function(*values)

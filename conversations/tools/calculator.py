"""The calculator tool, over the evaluator in `tools/arithmetic.py`."""

from __future__ import annotations

from conversations.tools import arithmetic
from conversations.tools.base import Arguments, Tool, ToolError, schema

NAME = "calculator"
_DESCRIPTION = (
    "Calculate an expression exactly, to 34 digits. Use it for any arithmetic. It knows "
    "+ - * / // % ^ !, brackets, pi, e, and the functions " + ", ".join(arithmetic.FUNCTIONS) + "."
)
_EXPRESSION = {
    "type": "string",
    "description": 'For example "sqrt(2) * (3 + 4) ^ 2" or "15% * 80". Angles are in radians.',
}


def calculator() -> Tool:
    async def run(arguments: Arguments) -> str:
        try:
            return arithmetic.calculate(str(arguments["expression"]))
        except arithmetic.BadExpressionError as error:
            raise ToolError(str(error)) from None

    parameters = schema({"expression": _EXPRESSION}, required=("expression",))
    return Tool(NAME, _DESCRIPTION, parameters, run)

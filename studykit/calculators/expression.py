"""Arithmetic that a person types, evaluated exactly and with nothing else possible.

Built on simpleeval with all but six node types taken out: expression, unary and binary operator, constant, name
and comparison (names and comparisons serve the constraints of quiz blocks, answers have none). Decimals become
Fractions, powers are bounded, and a text is at most 200 characters with 20 levels of parentheses.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import isfinite
from typing import Any

from studykit.calculators.figures import Number
from studykit.locale import _

LONGEST = 200
DEEPEST = 20
LARGEST_POWER = 1024  # bits of an exact power; beyond that a float, which is finite or refused


class ExpressionError(ValueError):
    """The text is no arithmetic, or too large to work out."""


_machine: Any = None


def evaluate(text: str, names: Mapping[str, Number | str] | None = None) -> Any:
    """The value of `text`: a Fraction where it can be exact, a float after a broken power, a bool for a comparison.

    >>> evaluate("(8-1)/(16+8-1)"), evaluate("microbatches % stages == 0", {"microbatches": 16, "stages": 8})
    (Fraction(7, 23), True)
    """
    _check_shape(text)
    machine = _evaluator()
    machine.names = dict(names or {})
    try:
        value = machine.eval(text.replace("^", "**"))
    except ExpressionError:
        raise
    except Exception as error:  # simpleeval and the parser raise a dozen kinds for a dozen kinds of nonsense
        raise ExpressionError(str(error)) from error
    if isinstance(value, float) and not isfinite(value):
        raise ExpressionError(_("the result is not finite"))
    return value


def _check_shape(text: str) -> None:
    if len(text) > LONGEST:
        raise ExpressionError(_("longer than {most} characters").format(most=LONGEST))
    depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth > DEEPEST:
            raise ExpressionError(_("more than {most} parentheses deep").format(most=DEEPEST))
    if ";" in text or "\n" in text:
        raise ExpressionError(_("one expression is expected"))


def power(base: Number, exponent: Number) -> Number:
    """`base ** exponent`, exact while it stays small, else a float; refused where that overflows or turns complex."""
    base, exponent = _exact(base), _exact(exponent)
    if isinstance(exponent, Fraction) and exponent.denominator == 1 and isinstance(base, Fraction):
        bits = max(base.numerator.bit_length(), base.denominator.bit_length())
        if bits * abs(exponent.numerator) <= LARGEST_POWER:
            raised: Fraction = base**exponent.numerator
            return raised
    result: Any = float(base) ** float(exponent)
    if not isinstance(result, float) or not isfinite(result) or (base and not result):
        raise ExpressionError(_("the power has no real, finite value"))
    return result


def _exact(value: Any) -> Any:
    """Numbers as Fractions: a decimal is the tenth it is written as, not the float nearest to it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Fraction(value)
    return Fraction(repr(value)) if isinstance(value, float) and isfinite(value) else value


def _evaluator() -> Any:
    """The evaluator, made once; simpleeval is imported with the first expression."""
    global _machine
    if _machine is None:
        _machine = _make_evaluator()
    return _machine


def _make_evaluator() -> Any:
    import ast
    import operator

    from simpleeval import SimpleEval

    class Arithmetic(SimpleEval):  # type: ignore[misc]
        """Six node types; every number a Fraction; words only as values to compare."""

        def _eval_constant(self, node: ast.Constant) -> Any:
            if not isinstance(node.value, int | float | str) or isinstance(node.value, bool):
                raise ExpressionError(_("only numbers can be worked out"))
            return _exact(node.value)

        def _eval_name(self, node: ast.Name) -> Any:
            if node.id not in self.names:
                raise ExpressionError(_("unknown name {name}").format(name=node.id))
            return _exact(self.names[node.id])

    machine = Arithmetic(operators=_operators(ast, operator), functions={})
    kept = (ast.Expr, ast.UnaryOp, ast.BinOp, ast.Constant, ast.Name, ast.Compare)
    machine.nodes = {kind: machine.nodes[kind] for kind in kept}
    return machine


def _operators(ast: Any, operator: Any) -> dict[Any, Any]:
    def on_numbers(function: Any) -> Any:
        def checked(*values: Any) -> Any:
            if any(isinstance(value, str | bool) for value in values):
                raise ExpressionError(_("words cannot be worked out"))
            return function(*values)

        return checked

    arithmetic = {
        ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
        ast.Mod: operator.mod, ast.FloorDiv: operator.floordiv, ast.Pow: power,
        ast.USub: operator.neg, ast.UAdd: operator.pos,
    }  # fmt: skip
    comparisons = {
        ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt,
        ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    }  # fmt: skip
    return {kind: on_numbers(function) for kind, function in arithmetic.items()} | comparisons

"""The worth of an expression that `arithmetic` has read, and how far the rounding of its numbers may move it."""

import math
from collections.abc import Callable
from typing import Any

from studykit.calculators.expression import ExpressionError, power
from studykit.claims.equations.arithmetic import UnreadableError
from studykit.claims.reading.amounts import FUNCTIONS, Amount, Reading


def evaluate(tree: Any, reading: Reading) -> tuple[float, float]:
    """The value and how far rounding of the numbers shown may move it. Raises UnreadableError."""
    try:
        value, doubt = _worth(tree, reading)
    except (ArithmeticError, ValueError, ExpressionError) as error:
        raise UnreadableError from error
    if not math.isfinite(value) or not math.isfinite(doubt):
        raise UnreadableError
    return value, doubt


def _worth(tree: Any, reading: Reading) -> tuple[float, float]:
    if isinstance(tree, Amount):
        scale = tree.scale(reading)
        # Only a number with decimals looks rounded; 32 heads are 32 heads.
        return tree.literal * scale, tree.step / 2 * abs(scale) if tree.decimal and tree.digits < 4 else 0.0
    sign, *parts = tree
    if sign in FUNCTIONS:
        values = [_worth(part, reading) for part in parts]
        return _functions[sign](*[value for value, _ in values]), 0.0
    if parts[0] is None:
        value, doubt = _worth(parts[1], reading)
        return -value, doubt
    return _combined(sign, _worth(parts[0], reading), _worth(parts[1], reading))


def _combined(sign: str, left: tuple[float, float], right: tuple[float, float]) -> tuple[float, float]:
    (a, da), (b, db) = left, right
    if sign == "+":
        return a + b, da + db
    if sign == "-":
        return a - b, da + db
    if sign == "*":
        return a * b, abs(a) * db + abs(b) * da
    if sign == "/":
        return a / b, (da + abs(a / b) * db) / abs(b)
    if sign == "//":
        return a // b, 0.0
    if sign == "%":
        return math.fmod(a, b), 0.0
    return float(power(_whole(a), _whole(b))), 0.0


def _whole(value: float) -> int | float:
    return int(value) if value == int(value) else value


def _ceil(value: float, *_: float) -> float:
    return float(math.ceil(round(value, 9)))


_functions: dict[str, Callable[..., float]] = {
    "sqrt": math.sqrt, "min": min, "max": max, "ceil": _ceil, "abs": abs, "log2": math.log2, "log10": math.log10,
    "floor": lambda value: float(math.floor(round(value, 9))), "int": lambda value: float(int(value)),
    "round": lambda value, digits=0.0: round(value, int(digits)),
}  # fmt: skip

"""Numbers given to the model: checked with a sentence that says what was expected, and read exactly.

A float is read as the decimal it prints as (`0.1` is one tenth), so questions such as "at least how many" are
answered without the rounding that turns 9 into 10. A result is a float when an input was one, else exact.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from numbers import Rational, Real
from typing import TypeAlias

Number: TypeAlias = int | float | Fraction
"""Any real number the model takes: `int` and `Fraction` stay exact, `float` gives floats."""


def whole(name: str, value: object, least: int = 1, most: int | None = None) -> int:
    """`value` as an int between `least` and `most`, or ValueError; `8.0` counts as 8, `True` does not count."""
    expected = f"a whole number of at least {least}" if most is None else f"a whole number from {least} to {most}"
    number = _number(value)
    if number is None or number != int(number):
        raise ValueError(f"{name} is {value!r}; expected {expected}")
    count = int(number)
    if count < least or (most is not None and count > most):
        raise ValueError(f"{name} is {count}; expected {expected}")
    return count


def amount(name: str, value: object, least: Number = 0, most: Number | None = None, *, above: bool = False) -> Number:
    """`value` as a finite number of at least `least` (more than `least` if `above`), at most `most`."""
    bound = f"more than {least}" if above else f"at least {least}"
    expected = f"a finite number of {bound}" + (f" and at most {most}" if most is not None else "")
    number = _number(value)
    if number is None:
        raise ValueError(f"{name} is {value!r}; expected {expected}")
    if number < least or (above and number == least) or (most is not None and number > most):
        raise ValueError(f"{name} is {number}; expected {expected}")
    return number


def _number(value: object) -> Number | None:
    """`value` as one of the three kinds, None if it is no finite real number."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Fraction):
        return value
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    if isinstance(value, Real) and math.isfinite(value):
        return float(value)
    return None


def amounts(name: str, values: object, count: int | None = None, least: Number = 0) -> tuple[Number, ...]:
    """A sequence of numbers, each checked; `count` is how many there must be."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ValueError(f"{name} is {values!r}; expected a sequence of numbers")
    found = tuple(amount(f"{name}[{index}]", value, least) for index, value in enumerate(values))
    if count is not None and len(found) != count:
        raise ValueError(f"{name} has {len(found)} values; expected {count}, one for each")
    return found


def choice(name: str, value: object, allowed: Sequence[str]) -> str:
    """`value` if it is one of `allowed` (letter case, `_` and spaces do not matter)."""
    key = str(value).strip().casefold().replace("_", "-").replace(" ", "-")
    if key not in allowed:
        raise ValueError(f"{name} is {value!r}; expected one of {', '.join(allowed)}")
    return key


def exact(value: Number) -> Fraction:
    """The number a person means: a float is the decimal it prints as."""
    return Fraction(repr(float(value))) if isinstance(value, float) else Fraction(value)


def given_back(value: Fraction, *inputs: Number) -> Number:
    """`value` in the caller's kind: a float if any input was one, else an int where whole, else a Fraction."""
    if any(isinstance(number, float) for number in inputs):
        try:
            return float(value)
        except OverflowError:
            raise ValueError("the result is more than a float holds; expected smaller numbers, or ints") from None
    return value.numerator if value.denominator == 1 else value


def ceiling(value: Fraction) -> int:
    """The least whole number that is not below `value`."""
    return math.ceil(value)

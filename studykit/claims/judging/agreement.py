"""Whether a number as written agrees with what it comes to, given the digits it shows.

Right: the value rounds to it, or is cut off to it. Imprecise: near, but not what rounding gives. Wrong: neither, under
any reading of the units.
"""

from enum import Enum
from typing import NamedTuple


class Agreement(Enum):
    """How a stated number and the computed one go together."""

    RIGHT = 0
    IMPRECISE = 1
    WRONG = 2


class Tolerance(NamedTuple):
    """Relative errors up to `near` are imprecise only."""

    near: float


EXACT = Tolerance(0.0)
WORKED_OUT = Tolerance(0.02), Tolerance(0.005)
PLAIN = Tolerance(0.025)
ROUNDED = Tolerance(0.07)
ABOUT = Tolerance(0.2)
_NOISE = 1e-9


def tolerance(sign: str, about: bool) -> Tolerance:
    """By how the result is marked: `=`, `≈`, or 约, ~ and their like."""
    if about:
        return ABOUT
    return PLAIN if sign == "=" else ROUNDED


def agree(exact: float, stated: float, step: float, allowed: Tolerance, doubt: float = 0.0) -> Agreement:
    """Compare. `step` is the worth of the stated number's last digit, `doubt` what its operands' rounding may move.

    >>> agree(7 / 23, 0.30, 0.01, PLAIN), agree(63 / 319, 0.1, 0.01, PLAIN)
    (<Agreement.RIGHT: 0>, <Agreement.WRONG: 2>)
    """
    distance = abs(exact - stated)
    size = max(abs(exact), abs(stated))
    if distance <= step / 2 * (1 + _NOISE) + doubt + size * _NOISE:
        return Agreement.RIGHT
    if allowed is EXACT or not size:
        return Agreement.WRONG
    error = distance / size
    if error <= allowed.near or (distance < step * (1 - _NOISE) + doubt and error <= ABOUT.near):
        return Agreement.IMPRECISE
    return Agreement.WRONG


def loose_step(literal: float, step: float) -> float:
    """The step of a number marked as approximate: 100 means a hundred or so, 128 means 128."""
    while step < abs(literal) / 10 and literal and literal % (step * 10) == 0:
        step *= 10
    return step

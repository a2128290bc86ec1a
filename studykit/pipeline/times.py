"""Times as a caller gives them, and as the engine wants them.

Whole numbers and Fractions are scaled to integers, so that an exact answer costs what a float costs;
one float among them makes the run a float run.
"""

from collections.abc import Collection, Sequence
from math import isfinite, lcm
from numbers import Rational
from typing import TYPE_CHECKING

from studykit.pipeline.refusal import InfeasibleSchedule

if TYPE_CHECKING:
    from fractions import Fraction

    Time = float | Fraction
else:
    Time = float

Times = Time | Sequence[Time]


def one_a_rank(schedule: str, name: str, value: Times, ranks: int) -> tuple[Time, ...]:
    """The time on each rank, checked: finite, not negative, one for all ranks or one for each.

    >>> one_a_rank("gpipe", "forward", 1.5, 3)
    (1.5, 1.5, 1.5)
    """
    if isinstance(value, (int, float, Rational)):
        return (_checked(schedule, name, value),) * ranks
    if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
        raise InfeasibleSchedule(schedule, f"{name} must be a time, or a sequence of one a rank", repr(value))
    if len(value) != ranks:
        raise InfeasibleSchedule(schedule, f"{name} needs one time for each of {ranks} ranks", f"{len(value)} times")
    return tuple(_checked(schedule, name, one) for one in value)


def _checked(schedule: str, name: str, value: object) -> Time:
    if type(value) is float and 0.0 <= value < float("inf"):
        return value
    rational = isinstance(value, Rational) and not isinstance(value, bool)
    if not (rational or isinstance(value, float)):
        raise InfeasibleSchedule(schedule, f"{name} must be a number", repr(value))
    time: Time = value  # type: ignore[assignment]
    if not isfinite(time) or time < 0:
        raise InfeasibleSchedule(schedule, f"{name} must be finite and not negative", str(value))
    return time if rational else float(time)


def one_time(schedule: str, name: str, value: Time) -> Time:
    """A single checked time."""
    return _checked(schedule, name, value)


class Clock:
    """Converts between a caller's times and the engine's: integers in units of 1/scale, or floats.

    A run is exact when any of its times is a Fraction; a float among them then counts at its exact binary value.
    """

    __slots__ = ("exact", "scale")

    def __init__(self, times: Collection[Time], parts: int) -> None:
        self.exact = any(not isinstance(time, (int, float)) for time in times)
        self.scale = parts * lcm(*(time.as_integer_ratio()[1] for time in times)) if self.exact else 1

    def ticks(self, time: Time, parts: int = 1) -> float:
        """A `parts`-th of a time, as the engine counts; an integer in an exact run."""
        if not self.exact:
            return float(time) / parts
        numerator, denominator = time.as_integer_ratio()
        return numerator * (self.scale // denominator) // parts

    def time(self, ticks: float) -> Time:
        """The caller's time again: a Fraction in an exact run."""
        if not self.exact:
            return float(ticks)
        from fractions import Fraction

        return Fraction(int(ticks), self.scale)

    def own(self, time: Time) -> Time:
        """A caller's time in the type that this run answers in."""
        if not self.exact:
            return float(time)
        from fractions import Fraction

        return Fraction(time)


def share(whole: Time, parts: int) -> Time:
    """A `parts`-th of something, without leaving exact arithmetic: whole numbers give a Fraction.

    >>> share(7, 2), share(7.0, 2)
    (Fraction(7, 2), 3.5)
    """
    if isinstance(whole, float):
        return whole / parts
    from fractions import Fraction

    return Fraction(whole) / parts

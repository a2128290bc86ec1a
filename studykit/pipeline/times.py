"""Times as a caller gives them, and as the engine wants them.

Whole numbers and Fractions are scaled to integers, so that an exact answer costs what a float costs;
one float among them makes the run a float run.
"""

from collections.abc import Iterable, Mapping, Sequence, Set, Sized
from math import isfinite, lcm
from numbers import Integral, Rational, Real
from typing import TYPE_CHECKING

from studykit.pipeline.refusal import InfeasibleSchedule

if TYPE_CHECKING:
    from fractions import Fraction
    from typing import TypeGuard

    Time = float | Fraction
else:
    Time = float

Times = Time | Sequence[Time]


def one_a_rank(schedule: str, name: str, value: Times, ranks: int) -> tuple[Time, ...]:
    """The time on each rank, checked: finite, not negative, one for all ranks or one for each.

    >>> one_a_rank("gpipe", "forward", 1.5, 3)
    (1.5, 1.5, 1.5)
    """
    if isinstance(value, Real):
        return (_checked(schedule, name, value),) * ranks
    if not _is_sequence(value):
        raise InfeasibleSchedule(schedule, f"{name} must be a time, or a sequence of one a rank", repr(value))
    if len(value) != ranks:
        raise InfeasibleSchedule(schedule, f"{name} needs one time for each of {ranks} ranks", f"{len(value)} times")
    return tuple(_checked(schedule, name, one) for one in value)


def _is_sequence(value: object) -> "TypeGuard[Sequence[object]]":
    """Lists, tuples, arrays; no text, and nothing without an order."""
    ordered = isinstance(value, Sized) and isinstance(value, Iterable)
    return ordered and not isinstance(value, (str, bytes, Mapping, Set))


def _checked(schedule: str, name: str, value: object) -> Time:
    """The time as an int, a Fraction or a float, whatever kind of real number it came as."""
    if type(value) is float and 0.0 <= value < float("inf"):
        return value
    if not isinstance(value, Real) or isinstance(value, bool):
        raise InfeasibleSchedule(schedule, f"{name} must be a number", repr(value))
    time = _plain(value)
    if (isinstance(time, float) and not isfinite(time)) or time < 0:
        raise InfeasibleSchedule(schedule, f"{name} must be finite and not negative", str(value))
    return time


def _plain(value: Real) -> Time:
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Rational):
        from fractions import Fraction

        return value if type(value) is Fraction else Fraction(int(value.numerator), int(value.denominator))
    return float(value)


def one_time(schedule: str, name: str, value: Time) -> Time:
    """A single checked time."""
    return _checked(schedule, name, value)


_FINE, _LONG = 1 << 20, 1 << 40
"""Floats that are multiples of 1/_FINE, and below _LONG of those units, are counted in whole units."""


class Clock:
    """Converts between a caller's times and the engine's: integers in units of 1/scale, or floats (scale 0).

    A run is exact when any of its times is a Fraction; a float among them then counts at its exact binary value.
    Ints and round floats are counted in integers too, so that a thousand thirds add up without an error.
    """

    __slots__ = ("exact", "scale")

    def __init__(self, times: Iterable[Time], parts: int) -> None:
        ratios = {}
        self.exact = False
        for time in {id(time): time for time in times}.values():
            self.exact = self.exact or not isinstance(time, (int, float))
            ratios[time] = time.as_integer_ratio()
        unit = lcm(*(denominator for _, denominator in ratios.values()))
        round_enough = unit <= _FINE and max(ratios, default=0) * unit <= _LONG
        self.scale = parts * unit if self.exact or round_enough else 0

    def ticks(self, time: Time, parts: int = 1) -> float:
        """A `parts`-th of a time, as the engine counts: an integer, or a float where the scale is 0."""
        if not self.scale:
            return float(time) / parts
        numerator, denominator = time.as_integer_ratio()
        return numerator * (self.scale // denominator) // parts

    def time(self, ticks: float) -> Time:
        """The caller's time again: a Fraction in an exact run."""
        if not self.exact:
            return ticks / self.scale if self.scale else float(ticks)
        from fractions import Fraction

        return Fraction(int(ticks), self.scale)

    def own(self, time: Time) -> Time:
        """A caller's time in the type that this run answers in."""
        if not self.exact:
            return float(time)
        from fractions import Fraction

        return time if type(time) is Fraction else Fraction(time)


def even(times: tuple[Time, ...]) -> bool:
    """Whether all ranks take the same time."""
    return times.count(times[0]) == len(times)


def share(whole: Time, parts: int) -> Time:
    """A `parts`-th of something, without leaving exact arithmetic: whole numbers give a Fraction.

    >>> share(7, 2), share(7.0, 2)
    (Fraction(7, 2), 3.5)
    """
    if isinstance(whole, float):
        return whole / parts
    from fractions import Fraction

    return Fraction(whole) / parts

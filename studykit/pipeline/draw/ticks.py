"""The moments named on a time axis."""

from math import floor, log10


def moments(horizon: float, most: int) -> list[float]:
    """At most `most` round moments from 0 on, in steps of 1, 2 or 5 times a power of ten, and the end itself.

    >>> moments(33, 9)
    [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 33]
    """
    step = 10.0 ** floor(log10(horizon / most))
    step *= next(times for times in (1, 2, 5, 10, 20) if horizon / (step * times) <= most - 1)
    count = int(horizon / step + 0.4)  # a moment close to the end gives way to it
    return [*(float(f"{step * at:.10g}") for at in range(count)), horizon] if count else [0.0, horizon]


def moment_label(moment: float) -> str:
    """Four digits are enough to place a moment."""
    return f"{moment:.4g}"

"""The numbers of FSRS-6: defaults, ranges, and the check of a list that a person or a fit provides.

Source: the open-spaced-repetition project, "The Algorithm" (FSRS-6), and py-fsrs 6, whose defaults these are.
"""

from collections.abc import Sequence

from studykit.errors import SettingsError

VERSION = "FSRS-6"

DEFAULTS = (
    0.212, 1.2931, 2.3065, 8.2956,  # w0-w3   first stability after Again, Hard, Good, Easy, in days
    6.4133, 0.8334, 3.0194, 0.001,  # w4-w7   first difficulty, its slope, its change, its pull to the mean
    1.8722, 0.1666, 0.796,  # w8-w10  growth of stability on recall
    1.4835, 0.0614, 0.2629, 1.6483,  # w11-w14 stability after forgetting
    0.6014, 1.8729,  # w15-w16 factor of Hard, of Easy
    0.5425, 0.0912, 0.0658,  # w17-w19 reviews on the same day
    0.1542,  # w20     decay of the forgetting curve
)  # fmt: skip

LOWEST = (
    0.001, 0.001, 0.001, 0.001, 1.0, 0.001, 0.001, 0.001, 0.0, 0.0, 0.001,
    0.001, 0.001, 0.001, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.1,
)  # fmt: skip
HIGHEST = (
    100.0, 100.0, 100.0, 100.0, 10.0, 4.0, 4.0, 0.75, 4.5, 0.8, 3.5,
    5.0, 0.25, 0.9, 4.0, 1.0, 6.0, 2.0, 2.0, 0.8, 0.8,
)  # fmt: skip


def checked(parameters: Sequence[float] | None) -> tuple[float, ...]:
    """`parameters` as 21 floats within their ranges; None gives the defaults.

    Raises SettingsError naming the first that is wrong, how many were found, or the range that was expected.

    >>> checked(None)[20]
    0.1542
    """
    if parameters is None:
        return DEFAULTS
    if len(parameters) != len(DEFAULTS):
        raise SettingsError(
            f"{VERSION} takes {len(DEFAULTS)} parameters, {len(parameters)} were given.",
            "Give all of them, or none for the defaults.",
        )
    for index, (value, low, high) in enumerate(zip(parameters, LOWEST, HIGHEST, strict=True)):
        if not low <= value <= high:  # also true for nan
            raise SettingsError(
                f"{VERSION} parameter w{index} is {value}; it must lie between {low} and {high}.",
                "Fit the parameters again, or leave them out for the defaults.",
            )
    return tuple(float(value) for value in parameters)

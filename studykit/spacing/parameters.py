"""The numbers of FSRS-6: defaults, ranges, and the check of a list that a person or a fit provides.

Source: the open-spaced-repetition project, "The Algorithm" (FSRS-6), and py-fsrs 6, whose defaults these are. Lists of
FSRS-4.5 and FSRS-5 are brought to FSRS-6 as fsrs-rs does it. A later version is one more entry in `COUNTS`, and a
scheduler of its own in `scheduler.py`; nothing else depends on the count.
"""

from collections.abc import Sequence
from math import log

from studykit.errors import SettingsError
from studykit.locale import _

VERSION = "FSRS-6"
COUNTS = {"FSRS-4.5": 17, "FSRS-5": 19, "FSRS-6": 21}
"""How many parameters each version has; the count alone tells the version."""

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


_OLD_DECAY = 0.5  # the forgetting curve of FSRS-4.5 and FSRS-5 had this exponent, and no parameter for it


def checked(parameters: Sequence[float] | None, version: str = "auto") -> tuple[float, ...]:
    """`parameters` as 21 floats within their ranges; None or an empty list gives the defaults.

    Lists of 17 (FSRS-4.5) and 19 (FSRS-5) are converted, and held to FSRS-6's ranges. `version` "auto" goes by the
    count. Raises SettingsError naming the first that is wrong, how many were found, or the range that was expected.

    >>> checked(None)[20], checked(DEFAULTS[:19])[19:]
    (0.1542, (0.0, 0.5))
    """
    if not parameters:
        return DEFAULTS
    found = version_of(parameters, version)
    if found != VERSION:
        return tuple(
            min(max(value, low), high) for value, low, high in zip(converted(parameters), LOWEST, HIGHEST, strict=True)
        )
    for index, (value, low, high) in enumerate(zip(parameters, LOWEST, HIGHEST, strict=True)):
        if not low <= value <= high:  # also true for nan
            raise SettingsError(
                _("{version} parameter w{index} is {value}; it must lie between {low} and {high}.").format(
                    version=VERSION, index=index, value=value, low=low, high=high
                ),
                _("Fit the parameters again, or leave them out for the defaults."),
            )
    return tuple(float(value) for value in parameters)


def version_of(parameters: Sequence[float], version: str = "auto") -> str:
    """The FSRS version of a list, by its count. Raises SettingsError if it has another count than `version`."""
    known = ", ".join(f"{count} ({name})" for name, count in COUNTS.items())
    if version not in ("auto", *COUNTS):
        raise SettingsError(
            _("There are no parameters of {version!r}.").format(version=version),
            _("Known are {known}.").format(known=known),
        )
    found = next((name for name, count in COUNTS.items() if count == len(parameters)), None)
    if found is None or version not in ("auto", found):
        wanted = known if version == "auto" else f"{COUNTS[version]} for {version}"
        raise SettingsError(
            _("{count} parameters were given; a list has {wanted}.").format(count=len(parameters), wanted=wanted),
            _("Give all of them, or none for the defaults."),
        )
    return found


def converted(parameters: Sequence[float]) -> tuple[float, ...]:
    """A list of FSRS-4.5 (17) or FSRS-5 (19) as FSRS-6's 21, in no range yet; one of 21 as it is.

    Source: fsrs-rs, `check_and_fill_parameters`. FSRS-5 made the first difficulty exponential in the grade, and damped
    its later changes: w4 to w6 are those that give the same difficulties for Again and Easy. Reviews on the same day,
    which FSRS-4.5 did not know, change nothing; and the curve keeps its old exponent.

    >>> converted(DEFAULTS) == DEFAULTS
    True
    """
    version = version_of(parameters)
    values = [float(value) for value in parameters]
    if any(value != value for value in values):
        raise SettingsError(_("A parameter is not a number."), _("Fit the parameters again, or leave them out."))
    if version == "FSRS-4.5":
        values[4] += 2.0 * values[5]
        # Below zero a slope has no meaning; the bounds are FSRS-4.5's own.
        values[5] = log(1.0 + 3.0 * max(values[5], 0.0)) / 3.0
        values[6] += 0.5
        values += [0.0, 0.0]
    return tuple(values if version == VERSION else [*values, 0.0, _OLD_DECAY])

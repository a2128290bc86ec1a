"""Days on which a person wants less of it: days of the week, and vacations entered beforehand."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from studykit.errors import SettingsError
from studykit.locale import _

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Share = Callable[[date], float]
"""The part of a usual day that a day has, 0 (nothing) to 1."""


def every_day(_day: date) -> float:
    """The share where nothing is set.

    >>> every_day(date(2026, 12, 24))
    1.0
    """
    return 1.0


def day_shares(easy_days: Mapping[str, float], vacations: Sequence[str]) -> Share:
    """The share of each day, from the settings. Raises SettingsError for a vacation that is no span of days.

    >>> share = day_shares({"sat": 0.5}, ["2026-12-24..2027-01-02"])
    >>> share(date(2026, 11, 28)), share(date(2026, 12, 26)), share(date(2027, 1, 4))
    (0.5, 0.0, 1.0)
    """
    spans = [span(text) for text in vacations]
    if not spans and not easy_days:
        return every_day
    shares = tuple(easy_days.get(name, 1.0) for name in WEEKDAYS)

    def share(day: date) -> float:
        if any(first <= day <= last for first, last in spans):
            return 0.0
        return shares[day.weekday()]

    return share


def span(text: str) -> tuple[date, date]:
    """First and last day of `2026-12-24..2027-01-02`, or of one day alone. Raises SettingsError.

    >>> span("2026-12-24")
    (datetime.date(2026, 12, 24), datetime.date(2026, 12, 24))
    """
    begin, _dots, end = text.partition("..")
    try:
        first, last = date.fromisoformat(begin.strip()), date.fromisoformat((end or begin).strip())
    except ValueError as error:
        raise SettingsError(
            _("The vacation {text!r} is no span of days.").format(text=text),
            _('Write `vacations = ["2026-12-24..2027-01-02"]`.'),
        ) from error
    if last < first:
        raise SettingsError(
            _("The vacation {text!r} ends before it begins.").format(text=text), _("Put the earlier day first.")
        )
    return first, last

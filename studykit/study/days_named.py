"""Days as a person names them on the command line."""

from datetime import date, timedelta

from studykit.errors import ExitCode, StudyError
from studykit.locale import _

_FURTHEST = 3_650  # days


class DayError(StudyError):
    """A day that cannot be understood, or one that cannot be meant."""

    exit_code = ExitCode.USAGE


def day_ahead(words: str, today: date) -> date:
    """The day that `14d`, `2w` or `2027-01-04` names: after `today`, within ten years. Raises DayError.

    >>> day_ahead("2w", date(2026, 11, 28)), day_ahead("2026-12-20", date(2026, 11, 28))
    (datetime.date(2026, 12, 12), datetime.date(2026, 12, 20))
    """
    number, unit = words[:-1], words[-1:]
    try:
        if number.isascii() and number.isdigit() and unit in ("d", "w") and len(number) <= 4:
            day = today + timedelta(days=int(number) * (7 if unit == "w" else 1))
        else:
            day = date.fromisoformat(words)
    except ValueError as error:
        raise DayError(
            _("{words} is neither a number of days or weeks nor a date.").format(words=repr(words)),
            _("For example `14d`, `2w` or `2027-01-04`."),
        ) from error
    if not today < day <= today + timedelta(days=_FURTHEST):
        raise DayError(
            _("{day} does not lie ahead: today is {today}.").format(day=day, today=today)
            if day <= today
            else _("{day} is more than ten years away.").format(day=day),
            _("For example `14d`, `2w` or `2027-01-04`."),
        )
    return day

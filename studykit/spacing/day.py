"""The study day: it starts at the rollover hour of the local clock, so that one evening is one day.

All arithmetic between days is done on dates. Only here does a moment become a day, and each review records the
day it was given, so that a later change of zone, clock or rollover hour moves nothing in the past.
"""

from datetime import date, datetime, time, timedelta, tzinfo

_ONE_DAY = timedelta(days=1)


def local_day(moment: datetime, rollover_hour: int) -> date:
    """The study day of `moment`; `rollover_hour` is 0 to 23 on the local clock.

    A naive moment is read on this computer's clock, an aware one on the clock of its own zone. The day turns once,
    when that clock first passes the rollover hour: a night in which the hour occurs twice, or is jumped over, has
    still one turn.

    >>> local_day(datetime(2026, 11, 23, 3, 59), 4), local_day(datetime(2026, 11, 23, 4, 0), 4)
    (datetime.date(2026, 11, 22), datetime.date(2026, 11, 23))
    """
    turn = moment.replace(hour=rollover_hour, minute=0, second=0, microsecond=0, fold=0)
    # Instants are compared, not clock faces: in the second pass of a repeated hour the face is early again.
    turned = moment.timestamp() >= turn.timestamp()
    return moment.date() if turned else moment.date() - _ONE_DAY


def day_bounds(day: date, rollover_hour: int, zone: tzinfo | None = None) -> tuple[datetime, datetime]:
    """First moment of `day` and of the day after it, both aware; 23, 24 or 25 hours apart around clock changes.

    `zone` None means this computer's zone.

    >>> from zoneinfo import ZoneInfo
    >>> from datetime import timezone
    >>> start, end = day_bounds(date(2026, 3, 28), 4, ZoneInfo("Europe/Berlin"))   # clocks go forward on the 29th
    >>> end.astimezone(timezone.utc) - start.astimezone(timezone.utc)
    datetime.timedelta(seconds=82800)
    """
    start, end = (datetime.combine(each, time(rollover_hour), tzinfo=zone) for each in (day, day + _ONE_DAY))
    return (start, end) if zone else (start.astimezone(), end.astimezone())


def counted_day(today: date, last: date | None) -> tuple[date, bool]:
    """The day that a review counts for, and whether the clock is behind the card's `last` review.

    A clock set back, or a flight to the west over the date line, gives a `today` before `last`. The review then counts
    for `last`, as a second one on that day: memory never runs backwards, and no day counts twice.

    >>> counted_day(date(2026, 11, 22), date(2026, 11, 23))
    (datetime.date(2026, 11, 23), True)
    """
    return (last, True) if last is not None and today < last else (today, False)

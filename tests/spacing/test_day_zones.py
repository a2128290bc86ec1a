"""Study days in the zones where clocks do what few expect; and flights across them, a review at each stop.

Facts of zones: IANA Time Zone Database, files `northamerica`, `australasia`, `asia`, `africa`, `europe`.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

import pytest

from studykit.spacing.day import counted_day, local_day

# zone, moment there, rollover hour, study day
GOLDEN = [
    # Havana: clocks go forward at 00:00 on 8 March 2026, so that midnight is jumped over; back at 01:00 on 1 November.
    ("America/Havana", "2026-03-07T23:59", 0, "2026-03-07"),
    ("America/Havana", "2026-03-08T01:00", 0, "2026-03-08"),
    ("America/Havana", "2026-11-01T00:30", 0, "2026-11-01"),
    ("America/Havana", "2026-11-01T00:30+fold", 0, "2026-11-01"),
    # New York: 02:00 becomes 03:00 on 8 March 2026, and 02:00 becomes 01:00 on 1 November.
    ("America/New_York", "2026-03-08T03:59", 4, "2026-03-07"),
    ("America/New_York", "2026-03-08T04:00", 4, "2026-03-08"),
    ("America/New_York", "2026-11-01T01:59+fold", 2, "2026-10-31"),
    ("America/New_York", "2026-11-01T02:00", 2, "2026-11-01"),
    # Lord Howe: by half an hour, 02:00 to 02:30 on 4 October 2026, 02:00 to 01:30 on 5 April.
    ("Australia/Lord_Howe", "2026-10-04T01:59", 2, "2026-10-03"),
    ("Australia/Lord_Howe", "2026-10-04T02:30", 2, "2026-10-04"),
    ("Australia/Lord_Howe", "2026-04-05T01:45", 2, "2026-04-04"),
    ("Australia/Lord_Howe", "2026-04-05T01:45+fold", 2, "2026-04-04"),
    # Samoa moved over the date line: there was no 30 December 2011.
    ("Pacific/Apia", "2011-12-29T23:59", 4, "2011-12-29"),
    ("Pacific/Apia", "2011-12-31T03:59", 4, "2011-12-30"),
    ("Pacific/Apia", "2011-12-31T04:00", 4, "2011-12-31"),
    # Pyongyang: 23:30 became 00:00 on 4 May 2018, half an hour forward.
    ("Asia/Pyongyang", "2018-05-04T23:29", 0, "2018-05-04"),
    ("Asia/Pyongyang", "2018-05-05T00:00", 0, "2018-05-05"),
    # Shanghai: no clock changes since 1991; the last began on 14 April 1991 at 02:00.
    ("Asia/Shanghai", "2026-03-29T03:59", 4, "2026-03-28"),
    ("Asia/Shanghai", "1991-04-14T03:00", 2, "1991-04-14"),
    # Kathmandu: 5:45 ahead of UTC.
    ("Asia/Kathmandu", "2026-11-23T03:59", 4, "2026-11-22"),
]


@pytest.mark.parametrize(("zone", "moment", "rollover", "day"), GOLDEN)
def test_golden_days_of_zones(zone: str, moment: str, rollover: int, day: str) -> None:
    fold = moment.endswith("+fold")
    when = datetime.fromisoformat(moment.removesuffix("+fold")).replace(tzinfo=ZoneInfo(zone), fold=fold)
    assert local_day(when, rollover) == date.fromisoformat(day)


@pytest.mark.parametrize("rollover", [0, 2, 4])
@pytest.mark.parametrize(
    ("zone", "year"),
    [
        ("America/Havana", 2026),
        ("America/New_York", 2026),
        ("Europe/Berlin", 2026),
        ("Australia/Lord_Howe", 2026),
        ("Antarctica/Troll", 2026),
        ("Africa/Casablanca", 2026),  # off summer time in Ramadan
        ("Asia/Pyongyang", 2018),
        ("Asia/Shanghai", 1991),
    ],
)
def test_through_a_year_no_day_is_lost_and_none_comes_twice(zone: str, year: int, rollover: int) -> None:
    """Half-hour by half-hour: the days follow each other one by one, each of 22 to 26 hours."""
    first, here = datetime(year, 1, 2, tzinfo=UTC), ZoneInfo(zone)
    moments = (first + timedelta(minutes=30 * step) for step in range(360 * 48))
    days = [
        (day, sum(1 for _ in run)) for day, run in groupby(local_day(m.astimezone(here), rollover) for m in moments)
    ]
    assert all((later - day).days == 1 for (day, _), (later, _) in pairwise(days))
    assert all(44 <= length <= 52 for _, length in days[1:-1])


def test_samoa_had_one_calendar_day_less_and_so_one_study_day_of_few_hours() -> None:
    """With the day turning at 4:00, the night after the 29th goes on until 4:00 on the 31st: it counts as the 30th."""
    apia = ZoneInfo("Pacific/Apia")
    start = datetime(2011, 12, 29, 0, 0, tzinfo=apia).astimezone(UTC)
    days = [local_day((start + timedelta(hours=hour)).astimezone(apia), 4) for hour in range(72)]
    assert [(day.day, sum(1 for _ in run)) for day, run in groupby(days)] == [
        (28, 4),
        (29, 20),
        (30, 4),
        (31, 24),
        (1, 20),
    ]


# A review at each stop: zone and local time, rollover at 4. The days they count for, and what the reviews are: a review
# on the day of the one before is a repeat, whatever the hours between.
FLIGHTS = [
    pytest.param(
        ["Asia/Shanghai 2026-06-01T22:00", "Europe/London 2026-06-02T06:00", "Asia/Shanghai 2026-06-03T08:00"],
        ["2026-06-01", "2026-06-02", "2026-06-03"],
        id="to London over night and back",
    ),
    pytest.param(
        ["Asia/Tokyo 2026-06-02T10:00", "Pacific/Honolulu 2026-06-01T23:00", "Pacific/Honolulu 2026-06-02T23:00"],
        ["2026-06-02", "2026-06-02", "2026-06-02"],
        id="east over the date line: the date comes twice and counts once",
    ),
    pytest.param(
        [
            "Pacific/Auckland 2026-06-02T09:00",
            "America/Los_Angeles 2026-06-02T05:00",
            "America/Los_Angeles 2026-06-03T05:00",
        ],
        ["2026-06-02", "2026-06-02", "2026-06-03"],
        id="Auckland to Los Angeles, landing before the start",
    ),
    pytest.param(
        ["Europe/London 2026-10-24T23:00", "America/New_York 2026-10-25T03:30", "America/New_York 2026-10-25T04:30"],
        ["2026-10-24", "2026-10-24", "2026-10-25"],
        id="over the night of a clock change",
    ),
    pytest.param(
        ["Asia/Kolkata 2026-06-01T03:30", "Asia/Dubai 2026-06-01T02:10", "Asia/Dubai 2026-06-01T04:10"],
        ["2026-05-31", "2026-05-31", "2026-06-01"],
        id="one night, prolonged",
    ),
]


@pytest.mark.parametrize(("stops", "days"), FLIGHTS)
def test_flights(stops: list[str], days: list[str]) -> None:
    counted: list[date] = []
    for stop in stops:
        zone, moment = stop.split()
        today = local_day(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)), 4)
        counted.append(counted_day(today, counted[-1] if counted else None)[0])
    assert [day.isoformat() for day in counted] == days
    assert counted == sorted(counted)

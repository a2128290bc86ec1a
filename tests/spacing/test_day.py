"""The study day: rollover, clock changes, travel."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.spacing.day import counted_day, day_bounds, local_day

ZONES = [
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Asia/Kathmandu",
]


@pytest.fixture
def computer_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This computer in central Europe, by a POSIX rule, so that no zone database is asked."""
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("moment", "rollover", "day"),
    [
        ("2026-11-23T21:00", 4, "2026-11-23"),
        ("2026-11-24T03:59:59.999999", 4, "2026-11-23"),
        ("2026-11-24T04:00", 4, "2026-11-24"),
        ("2026-11-24T00:00", 0, "2026-11-24"),
        ("2026-11-23T23:59", 0, "2026-11-23"),
        ("2027-01-01T01:00", 4, "2026-12-31"),
        ("2028-03-01T00:30", 4, "2028-02-29"),
        ("2026-11-24T22:59", 23, "2026-11-23"),
        # Forward, 29 March 2026: 02:00 becomes 03:00, so 02:00 is passed when the clock shows 03:00.
        ("2026-03-29T01:59", 2, "2026-03-28"),
        ("2026-03-29T03:00", 2, "2026-03-29"),
        ("2026-03-29T03:30", 4, "2026-03-28"),
        # Back, 25 October 2026: 02:00 to 03:00 comes twice.
        ("2026-10-25T02:30", 2, "2026-10-25"),
        ("2026-10-25T02:10+fold", 2, "2026-10-25"),
        ("2026-10-25T02:59+fold", 3, "2026-10-24"),
        ("2026-10-25T03:00", 3, "2026-10-25"),
    ],
)
@pytest.mark.usefixtures("computer_zone")
@pytest.mark.parametrize("zone", [None, ZoneInfo("Europe/Berlin")])
def test_golden_days_naive_and_aware(moment: str, rollover: int, day: str, zone: ZoneInfo | None) -> None:
    when = datetime.fromisoformat(moment.removesuffix("+fold")).replace(tzinfo=zone, fold=moment.endswith("+fold"))
    assert local_day(when, rollover) == date.fromisoformat(day)


def test_a_rollover_hour_that_comes_twice_turns_the_day_once() -> None:
    """At Troll station clocks go back two hours, from 03:00 to 01:00: with rollover 2 the face falls behind it."""
    zone, day = ZoneInfo("Antarctica/Troll"), date(2026, 10, 25)
    first, second = datetime(2026, 10, 25, 2, 30, tzinfo=zone), datetime(2026, 10, 25, 1, 30, fold=1, tzinfo=zone)
    assert second.timestamp() > first.timestamp()
    assert local_day(first, 2) == local_day(second, 2) == day
    assert local_day(datetime(2026, 10, 25, 1, 30, tzinfo=zone), 2) == day - timedelta(days=1)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)),
    st.timedeltas(timedelta(0), timedelta(hours=30)),
    st.integers(0, 23),
    st.sampled_from(ZONES),
)
def test_days_never_run_backwards_and_agree_with_their_bounds(
    moment: datetime, step: timedelta, rollover: int, name: str
) -> None:
    zone = ZoneInfo(name)
    now = moment.replace(tzinfo=UTC)
    here, later = now.astimezone(zone), (now + step).astimezone(zone)
    day = local_day(here, rollover)
    assert 0 <= (local_day(later, rollover) - day).days <= 2
    start, end = day_bounds(day, rollover, zone)
    assert start.timestamp() <= now.timestamp() < end.timestamp()
    assert 21 <= (end.timestamp() - start.timestamp()) / 3600 <= 27


@pytest.mark.usefixtures("computer_zone")
def test_bounds_on_this_computer() -> None:
    hours = []
    for day in (date(2026, 3, 28), date(2026, 10, 24), date(2026, 6, 1)):
        start, end = day_bounds(day, 4)
        hours.append((end.timestamp() - start.timestamp()) / 3600)
        assert local_day(start, 4) == day == local_day(end, 4) - timedelta(days=1)
    assert hours == [23, 25, 24]


# A review each at these local times; the day that each counts for, and the days between. One card, rollover at 4.
SHANGHAI, FRANCISCO, BERLIN = (ZoneInfo(z) for z in ("Asia/Shanghai", "America/Los_Angeles", "Europe/Berlin"))
JOURNEYS = [
    pytest.param(
        [
            (SHANGHAI, "2026-05-10T09:00"),
            (SHANGHAI, "2026-05-11T09:00"),
            (BERLIN, "2026-05-11T20:00"),
            (BERLIN, "2026-05-12T08:00"),
        ],
        ["2026-05-10", "2026-05-11", "2026-05-11", "2026-05-12"],
        id="west, the evening of a long day",
    ),
    pytest.param(
        [
            (SHANGHAI, "2026-05-11T09:00"),
            (FRANCISCO, "2026-05-10T22:00"),
            (FRANCISCO, "2026-05-11T09:00"),
            (FRANCISCO, "2026-05-12T09:00"),
        ],
        ["2026-05-11", "2026-05-11", "2026-05-11", "2026-05-12"],
        id="east over the date line, the same date twice",
    ),
    pytest.param(
        [(FRANCISCO, "2026-05-10T09:00"), (SHANGHAI, "2026-05-12T07:00"), (SHANGHAI, "2026-05-13T07:00")],
        ["2026-05-10", "2026-05-12", "2026-05-13"],
        id="west over the date line, one date left out",
    ),
    pytest.param(
        [
            (BERLIN, "2026-03-28T23:00"),
            (BERLIN, "2026-03-29T05:00"),
            (BERLIN, "2026-10-24T23:00"),
            (BERLIN, "2026-10-25T05:00"),
        ],
        ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"],
        id="both clock changes",
    ),
]


@pytest.mark.parametrize(("reviews", "days"), JOURNEYS)
def test_travel_loses_and_doubles_no_day(reviews: list[tuple[ZoneInfo, str]], days: list[str]) -> None:
    counted: list[date] = []
    for zone, moment in reviews:
        today = local_day(datetime.fromisoformat(moment).replace(tzinfo=zone), 4)
        day, back = counted_day(today, counted[-1] if counted else None)
        assert back == (day > today)
        counted.append(day)
    assert [day.isoformat() for day in counted] == days


def test_a_day_counted_for_a_new_card_is_today() -> None:
    assert counted_day(date(2026, 1, 1), None) == (date(2026, 1, 1), False)

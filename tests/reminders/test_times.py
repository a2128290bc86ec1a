"""Times as people write them, and the moment that comes next."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import StudyError
from studykit.reminders.times import DAYS, next_run, read_times


@pytest.mark.parametrize(
    ("at", "days", "shown"),
    [
        (["8:30"], "", "08:30"),
        (["20:30", "08:30", "8:30"], "mon-fri", "08:30, 20:30 mon,tue,wed,thu,fri"),
        (["00:00"], "sat, SUN", "00:00 sat,sun"),
        (["23:59"], "fri-mon", "23:59 mon,fri,sat,sun"),
        (["7:05"], "mon-sun", "07:05"),
    ],
)
def test_what_is_read(at: list[str], days: str, shown: str) -> None:
    assert read_times(at, days).in_words() == shown


@pytest.mark.parametrize(
    ("at", "days", "said"),
    [
        (["24:00"], "", "'24:00' is no time of day"),
        (["8:60"], "", "'8:60'"),
        (["8.30"], "", "Write it as 08:30"),
        (["8:30"], "montag", "'montag' is no day of the week"),
        (["8:30"], "-mon", "'-mon'"),
        (["8:30"], "sun-", "'sun-'"),
        (["8:30"], "mon-frx", "mon, tue, wed"),
    ],
)
def test_what_is_refused(at: list[str], days: str, said: str) -> None:
    with pytest.raises(StudyError) as refused:
        read_times(at, days)
    assert said in str(refused.value)


@given(
    st.lists(st.times(), min_size=1, max_size=4),
    st.lists(st.sampled_from(DAYS), min_size=1, max_size=7),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
)
def test_the_next_run_is_the_first_that_fits(clocks: list[object], days: list[str], now: datetime) -> None:
    times = read_times([f"{at:%H:%M}" for at in clocks], ",".join(days))
    found = next_run(times, now)
    assert now < found <= now + timedelta(days=7)
    assert DAYS[found.weekday()] in days
    assert found.time() in times.at
    minute = now.replace(second=0, microsecond=0)
    between = (minute + timedelta(minutes=ahead) for ahead in range(int((found - minute).total_seconds() // 60)))
    assert not any(m > now and m.time() in times.at and m.weekday() in times.days for m in between)

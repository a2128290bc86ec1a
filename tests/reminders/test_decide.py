"""Whether a reminder speaks: every reason for silence, and that nothing else silences it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.reminders.decide import SILENT, SPEAK, decide, due_on

NOON = datetime(2026, 11, 23, 12, 0)
TODAY = "2026-11-23"


def outlook(**changed: Any) -> dict[str, Any]:
    rules = {"threshold": 5, "quiet_hours": ["22:00", "08:00"], "hours_between": 4, "after_review": False}
    rules |= {key: changed.pop(key) for key in list(changed) if key in rules}
    days = [{"day": TODAY, "due": changed.pop("due", 9)}, {"day": "2026-11-24", "due": 12}]
    return {"remind": rules, "days": days, "reviewed": "2026-11-20", **changed}


@pytest.mark.parametrize(
    ("changed", "now", "said", "studying", "expected"),
    [
        ({}, NOON, None, False, SPEAK),
        ({"due": 0}, NOON, None, False, "nothing-due"),
        ({"due": 4}, NOON, None, False, "below-threshold"),
        ({"due": 5}, NOON, None, False, SPEAK),
        ({"reviewed": TODAY}, NOON, None, False, "reviewed-today"),
        ({"reviewed": TODAY, "after_review": True}, NOON, None, False, SPEAK),
        ({"reviewed": None}, NOON, None, False, SPEAK),
        ({"paused_until": "2026-11-24"}, NOON, None, False, "paused"),
        ({"paused_until": TODAY}, NOON, None, False, SPEAK),
        ({}, NOON.replace(hour=23), None, False, "quiet-hours"),
        ({}, NOON.replace(hour=7, minute=59), None, False, "quiet-hours"),
        ({}, NOON.replace(hour=8, minute=0), None, False, SPEAK),
        ({"quiet_hours": []}, NOON.replace(hour=3), None, False, SPEAK),
        ({}, NOON, NOON - timedelta(hours=3, minutes=59), False, "said-lately"),
        ({}, NOON, NOON - timedelta(hours=4), False, SPEAK),
        ({"hours_between": 0}, NOON, NOON, False, SPEAK),
        ({}, NOON, NOON + timedelta(hours=1), False, "said-lately"),  # the clock was set back a little
        ({}, NOON, NOON + timedelta(days=400), False, SPEAK),  # it was a year ahead: that silences nobody for a year
        ({}, NOON, None, True, "studying-now"),
    ],
)
def test_a_reason(changed: dict[str, Any], now: datetime, said: datetime | None, studying: bool, expected: str) -> None:
    assert decide(outlook(**changed), TODAY, now, said, studying) == expected


def test_a_day_ahead_counts_what_comes_until_then() -> None:
    ahead = outlook()
    assert [due_on(ahead, day) for day in ("2026-11-22", TODAY, "2026-11-24", "2026-12-24")] == [9, 9, 12, 12]


@given(st.integers(0, 10), st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.booleans(), st.booleans())
def test_it_never_speaks_when_nothing_is_due_or_in_quiet_hours(
    due: int, now: datetime, studying: bool, reviewed: bool
) -> None:
    verdict = decide(outlook(due=due, reviewed=TODAY if reviewed else None), TODAY, now, None, studying)
    assert verdict == SPEAK or verdict in SILENT
    quiet = now.hour >= 22 or now.hour < 8
    assert (verdict == SPEAK) is (due >= 5 and not quiet and not studying and not reviewed)

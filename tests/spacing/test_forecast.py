"""What lies ahead."""

from datetime import date, timedelta

import pytest

from studykit.spacing.forecast import due_counts, mastery, mastery_30
from studykit.spacing.fsrs import Fsrs
from studykit.spacing.state import Recall

TODAY = date(2026, 11, 23)


def test_due_counts_put_the_overdue_on_today_and_leave_out_what_is_too_far() -> None:
    dues = [TODAY + timedelta(days=days) for days in (-400, -1, 0, 0, 1, 6, 7)]
    assert due_counts(dues, TODAY, 7) == [4, 1, 0, 0, 0, 0, 1]


def test_mastery_is_recall_thirty_days_ahead() -> None:
    """At t = S recall is 0.9 by the definition of stability; 30 days from today it is `last` + 40 days here."""
    recall = Recall(40.0, 5.0, TODAY - timedelta(days=10), TODAY, 3, 0)
    scheduler = Fsrs()
    assert mastery_30(recall, TODAY, scheduler) == pytest.approx(0.9)
    assert mastery_30(None, TODAY, scheduler) == 0.0
    assert mastery([recall, None], TODAY, scheduler) == 0.45
    assert mastery([], TODAY, scheduler) == 0.0

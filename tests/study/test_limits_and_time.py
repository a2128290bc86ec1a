"""The day's limits, a clock set back, and what is said when nothing is asked."""

from datetime import datetime

import pytest
import time_machine

from studykit.store import due
from studykit.study.sessions.actions import undo_last
from studykit.study.wording import why_nothing
from tests.study.conftest import FRONT, Notes

SEEN_BEFORE = FRONT.replace("last_reviewed: null", "last_reviewed: '2026-11-01'").replace(
    "review_count: 0", "review_count: 3"
)


@time_machine.travel(datetime(2026, 11, 23, 19, 0), tick=False)  # before the session: what came is older than its grade
def test_a_card_that_came_with_reviews_uses_up_no_new_card_of_the_day(notes: Notes) -> None:
    notes.write("old.md", "What is old?", "It was **studied** elsewhere before it came here.", SEEN_BEFORE)
    notes.write("new.md", "What is new?", "It was **never** asked anywhere before today.")
    session = notes.open(filter="old")
    assert session.question is not None
    session.grade(3, 500)
    assert due.introduced_on(session.store.connection, session.today) == 0
    session.finish()
    session = notes.open(filter="new")
    session.grade(3, 500)
    assert due.introduced_on(session.store.connection, session.today) == 1
    session.finish()


def test_undo_takes_back_the_last_grade_though_the_clock_was_set_back(three: Notes) -> None:
    session = three.open()
    session.grade(3, 500)
    session.finish()
    # Another process, an hour or a month earlier by its clock, would make ids that come before.
    with time_machine.travel(datetime(2026, 10, 1, 9, 0), tick=False):
        import studykit.store.events as events

        events._latest = (0, 0)
        three.now = datetime(2026, 10, 1, 9, 0)
        session = three.open()
        assert session.question is not None
        second = session.question.card
        session.grade(3, 500)
        session.finish()
        undone = undo_last(three.vault)
    assert undone is not None
    assert undone["card"] == second


@pytest.mark.parametrize(
    ("count", "request_", "said"),
    [
        (0, {}, "No note here makes a card"),
        (3, {"new": 0}, "3 new cards wait"),
        (3, {"filter": "is:due"}, "None of the chosen cards"),
        (3, {"deck": "gpuu"}, "There is no deck 'gpuu'"),
        (3, {"tag": "nvlink"}, "No note has the tag 'nvlink'"),
    ],
)
def test_why_nothing_is_asked(notes: Notes, count: int, request_: dict[str, object], said: str) -> None:
    for number in range(count):
        notes.write(f"{number}.md", f"What is {number}?", f"The number **{number}**, plainly said.")
    session = notes.open(**request_)
    assert session.question is None
    assert said in why_nothing(session.waiting())
    session.finish()


def test_when_all_is_done_the_reason_is_that(notes: Notes) -> None:
    notes.write("one.md", "What is one?", "The number **one**, plainly said.")
    session = notes.open()
    session.grade(3, 500)
    assert "Come back tomorrow" in why_nothing(session.waiting())
    session.finish()

"""A break: nothing is asked, every device knows, and what came due comes back in portions."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine

from studykit.spacing.fsrs import Fsrs
from studykit.store import events
from studykit.store.database import open_store
from studykit.store.fold import fold
from studykit.store.log import Log
from studykit.study.days_named import DayError, day_ahead
from studykit.study.planning.breaks import Break, latest_break
from studykit.study.planning.counting import count_due
from studykit.study.planning.pause import pause, resume
from studykit.study.sessions.actions import undo_last
from studykit.study.sync import sync
from studykit.study.wording import why_nothing
from tests.study.conftest import Notes
from tests.study.test_portion import seen

START = datetime(2026, 11, 23, 20, 0)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def due(notes: Notes) -> Notes:
    """Thirty cards, due one a day from today on."""
    for number in range(30):
        notes.write(
            f"{number:02}.md", f"What is {number}?", f"The **number** {number}, as such.", seen(10, 10 + number)
        )
    sync(notes.vault)
    return notes


def test_on_a_break_nothing_is_asked_and_nothing_counted(due: Notes, clock: time_machine.Traveller) -> None:
    away = pause(due.vault, date(2026, 12, 7))
    assert away == Break(date(2026, 11, 23), date(2026, 12, 7))
    session = due.open()
    assert session.question is None
    assert "On a break until 2026-12-07" in why_nothing(session.waiting())
    session.finish()
    assert count_due(due.vault).due == {}
    session = due.open(minutes=10)
    assert session.question is not None
    session.finish()


def test_what_came_due_comes_back_in_portions(due: Notes, clock: time_machine.Traveller) -> None:
    """Fourteen days away, fourteen cards: spread over seven days, two a day, with what is due that day."""
    pause(due.vault, date(2026, 12, 7))
    portions = []
    for day in range(7):
        now = START + timedelta(days=14 + day)
        clock.move_to(now)
        due.now = now
        session = due.open()
        portions.append(len(session.queue))
        while session.question:
            session.grade(4, 100)
        session.finish()
    assert portions == [3] * 7  # two of the pile and one of the day


def test_resume_ends_it_early_and_undo_takes_that_back(due: Notes, clock: time_machine.Traveller) -> None:
    assert resume(due.vault) is None
    pause(due.vault, date(2026, 12, 20))
    clock.move_to(START + timedelta(days=6))
    assert resume(due.vault) == Break(date(2026, 11, 23), date(2026, 11, 29))
    assert count_due(due.vault).due
    assert undo_last(due.vault) is not None
    assert not count_due(due.vault).due


def test_another_device_knows_of_it(due: Notes, clock: time_machine.Traveller) -> None:
    vault = due.vault
    there = events.Pause(**{**vault.stamp(START), "device": "phone-1a2b"}, until="2026-12-07")
    Log(vault.log_folder, "phone-1a2b").append([there])
    sync(vault)
    session = due.open()
    assert session.question is None
    session.finish()
    store = open_store(vault.store_file)
    assert latest_break(store) == Break(date(2026, 11, 23), date(2026, 12, 7))
    store.close()


def test_a_break_changes_no_schedule() -> None:
    at, day = "2026-11-23T10:00:00.000Z", "2026-11-23"
    review = events.Review("1", at, day, "d", "c", 3)
    away = events.Pause("2", at, day, "d", "2026-12-07")
    undo = events.Undo("3", at, day, "d", "2")
    assert fold([review, away, undo], Fsrs(), {}).cards == fold([review], Fsrs(), {}).cards
    assert events.decoder.decode(events.encode(away)) == away


def test_a_spread_ends() -> None:
    away = Break(date(2026, 12, 1), date(2026, 12, 15))
    assert [away.days_left(date(2026, 12, day)) for day in (14, 15, 21, 22, 30)] == [0, 7, 1, 0, 0]
    assert Break(date(2026, 12, 1), date(2026, 12, 2)).days_left(date(2026, 12, 2)) == 0


@pytest.mark.parametrize("words", ["", "x", "14", "d", "-3d", "2026-11-28", "2026-02-30", "9999d", "2020-01-01", "0d"])
def test_days_that_cannot_be_meant(words: str) -> None:
    with pytest.raises(DayError) as caught:
        day_ahead(words, date(2026, 11, 28))
    assert "2w" in caught.value.hint

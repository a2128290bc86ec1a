"""The list to tick: what is on it, and that a tick counts once, today."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import VaultError
from studykit.store.cards import select_cards
from studykit.store.database import open_store
from studykit.study.sessions.actions import undo_last
from studykit.study.sessions.checklist import read_list, take_ticked
from studykit.study.sessions.today import notes_today, write_list
from studykit.study.sync import sync
from tests.store.stored import stored
from tests.study.conftest import Notes

NOW = datetime(2026, 11, 23, 20, 0)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW.astimezone(), tick=False) as held:
        yield held


@pytest.fixture
def odd(notes: Notes, clock: time_machine.Traveller) -> Notes:
    """Notes whose names need care in a link."""
    for name in ("a b/C#（一）.md", "100%.md", "x (1)/new[].md", "流水线：气泡？.md"):
        notes.write(name, f"About {Path(name).stem}", f"The answer to {name}.")
    return notes


def _list(notes: Notes, file: str) -> Path:
    place = notes.root.parent / file
    write_list(notes.vault, str(place), notes_today(notes.vault))
    return place


def _tick(place: Path, lines: int = 100) -> None:
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("- [ ]", "- [x]", lines), encoding="utf-8")


def _reviews(notes: Notes) -> list[tuple[str, int, str]]:
    store = open_store(notes.vault.store_file)
    rows = [(each.review.card, each.review.rating, each.review.day) for each in stored(store)]
    store.close()
    return rows


@pytest.mark.parametrize("file", ["list.md", "lists (2)/today #1.md", "notes/inside.md"])
def test_every_tick_finds_its_note_and_counts_once(odd: Notes, file: str) -> None:
    place = _list(odd, file)
    _tick(place)
    sync(odd.vault)
    first = take_ticked(odd.vault, str(place))
    assert first.problems == []
    assert set(first.notes) == {path.relative_to(odd.root).as_posix() for path in odd.root.rglob("*.md")} - {
        "inside.md"
    }
    assert {(rating, day) for _card, rating, day in _reviews(odd)} == {(3, "2026-11-23")}
    again = take_ticked(odd.vault, str(place))
    assert (again.notes, len(again.before)) == ({}, 4)
    assert len(_reviews(odd)) == sum(first.notes.values())


def test_the_ticks_of_a_list_are_taken_back_together(odd: Notes) -> None:
    session = odd.open()
    session.grade(3, 0)  # at the same frozen moment as the ticks, but with no list
    session.grade(4, 2500)
    session.finish()
    place = _list(odd, "list.md")
    _tick(place)
    taken = take_ticked(odd.vault, str(place))
    assert sum(taken.notes.values()) == 2
    undone = undo_last(odd.vault)
    assert undone is not None
    assert len(undone["events"]) == 2
    store = open_store(odd.vault.store_file)
    standing = [each.review.rating for each in stored(store) if each.card is not None]
    store.close()
    assert standing == [3, 4]
    assert len((undo_last(odd.vault) or {})["events"]) == 1
    assert sum(take_ticked(odd.vault, str(place)).notes.values()) >= 2


def test_a_session_takes_the_ticks_of_a_list_back_together(odd: Notes) -> None:
    place = _list(odd, "list.md")
    _tick(place)
    ticked = sum(take_ticked(odd.vault, str(place)).notes.values())
    assert ticked > 1
    session = odd.open()
    before = session.total
    assert session.undo() == "review"
    assert session.total == before + ticked
    assert session.undo() is None
    session.finish()
    store = open_store(odd.vault.store_file)
    assert [each.card for each in stored(store)] == [None] * ticked
    store.close()


def test_old_ticks_add_nothing_when_the_cards_are_due_again(odd: Notes, clock: time_machine.Traveller) -> None:
    place = _list(odd, "list.md")
    _tick(place)
    take_ticked(odd.vault, str(place))
    count = len(_reviews(odd))
    clock.move_to(datetime(2027, 6, 1, 9, 0).astimezone())
    sync(odd.vault)
    assert len(notes_today(odd.vault)) == 4
    assert take_ticked(odd.vault, str(place)).notes == {}
    assert len(_reviews(odd)) == count


def test_ticks_come_one_by_one_over_days(odd: Notes, clock: time_machine.Traveller) -> None:
    place = _list(odd, "list.md")
    _tick(place, 1)
    assert len(take_ticked(odd.vault, str(place)).notes) == 1
    clock.move_to(datetime(2026, 11, 25, 9, 0).astimezone())
    _tick(place, 1)
    second = take_ticked(odd.vault, str(place))
    assert (len(second.notes), len(second.before)) == (1, 1)
    assert _reviews(odd)[-1][2] == "2026-11-25"


def test_a_dry_run_writes_nothing(odd: Notes) -> None:
    place = _list(odd, "list.md")
    _tick(place)
    assert len(take_ticked(odd.vault, str(place), dry_run=True).notes) == 4
    assert _reviews(odd) == []


def test_suspended_cards_are_left(odd: Notes) -> None:
    from studykit.study.sessions.actions import set_suspended

    place = _list(odd, "list.md")
    store = open_store(odd.vault.store_file)
    card = select_cards(store, "file = '100%.md'")[0]
    store.close()
    set_suspended(odd.vault, card.id, True)
    _tick(place)
    assert "100%.md" not in take_ticked(odd.vault, str(place)).notes


def test_a_list_of_another_tool(three: Notes, clock: time_machine.Traveller) -> None:
    """As review tools write it: addresses from the folder above the notes, a day in the text, numbered entries."""
    place = three.root.parent / "reviewsToday.md"
    place.write_text(
        "# 📅 复习清单\n\n**生成时间**: 2026-11-22\n\n- [x] [What is a bubble?](notes/gpu/bubble.md)\n  - 已复习: 1次\n"
        "**1.** - [X] [stage](notes/gpu/stage.md) - 2026-11-25\n- [ ] [ring](notes/net/ring.md)\n"
        "- [x] [What is a stagee?](notes/gone.md)\n```\n- [x] [ring](notes/net/ring.md)\n```\n",
        encoding="utf-8",
    )
    sync(three.vault)
    taken = take_ticked(three.vault, str(place))
    assert set(taken.notes) == {"gpu/bubble.md", "gpu/stage.md"}
    assert [(problem.line, "gpu/stage.md" in problem.message) for problem in taken.problems] == [(9, True)]


def test_a_list_that_says_no_day_is_refused(three: Notes) -> None:
    place = three.root.parent / "list.md"
    place.write_text("- [x] [a](notes/gpu/bubble.md)\n", encoding="utf-8")
    with pytest.raises(VaultError, match="which day"):
        take_ticked(three.vault, str(place))


def test_nothing_of_a_persons_is_overwritten(odd: Notes) -> None:
    place = odd.root.parent / "mine.md"
    place.write_text("# Mine\n", encoding="utf-8")
    with pytest.raises(VaultError, match="was not written by"):
        write_list(odd.vault, str(place), [])
    listed = _list(odd, "list.md")
    _tick(listed, 1)
    with pytest.raises(VaultError, match="1 ticked"):
        write_list(odd.vault, str(listed), [])
    take_ticked(odd.vault, str(listed))
    write_list(odd.vault, str(listed), [])
    assert "- [" not in listed.read_text(encoding="utf-8")


def test_a_list_in_the_vault_makes_no_cards(odd: Notes) -> None:
    _list(odd, "notes/list.md")
    assert sync(odd.vault).notes.skipped == 1


@given(st.text(st.sampled_from("-*[]xX ()abc\n#`中✓.1>"), max_size=80))
def test_reading_never_raises(text: str) -> None:
    listed = read_list(("2026-11-23\n" + text).encode())
    assert listed.day in (date(2026, 11, 23), None)

"""Two processes fold what one folds, whatever happens to the other of them."""

import os
import random
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from studykit.spacing.scheduler import scheduler
from studykit.store import fold_cards
from studykit.store.database import open_store
from studykit.store.events import Event, Review
from studykit.store.fold import fold
from studykit.store.rebuild import replace_events
from tests.store.log_cases import LABELS, random_history, review, stamp

FSRS = scheduler("fsrs")
Rows = dict[str, list[tuple[object, ...]]]
TABLES = ("blocks", "pasts", "loose", "days", "events")


@pytest.fixture
def halved(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """From here on every fold is shared by two processes; the process numbers of the others."""
    started: list[int] = []
    fork = os.fork

    def counted() -> int:
        child = fork()
        started.extend([child] if child else [])
        return child

    monkeypatch.setattr(os, "fork", counted)
    monkeypatch.setattr(fold_cards, "MANY", 0)
    monkeypatch.setattr(fold_cards, "may_halve", lambda: True)
    return started


def long_history(seed: int) -> list[Event]:
    """Some cards with everything that can happen to one, and many with reviews alone."""
    draw = random.Random(seed)
    plain = [
        review(f"{n:08x}", n // 40, draw.choice((1, 2, 3, 3, 4)), f"{draw.randrange(60):04x}") for n in range(2000)
    ]
    return [*plain, *random_history(draw, 200)]


def rows(events: list[Event], file: Path) -> Rows:
    with closing(open_store(str(file))) as store:
        with store.write():
            replace_events(store, events, FSRS, LABELS)
        return {table: store.connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES}


@pytest.mark.parametrize("seed", range(3))
def test_two_processes_write_the_rows_that_one_writes(
    seed: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    history = long_history(seed)
    alone, one = fold(history, FSRS, LABELS), rows(history, tmp_path / "one.db")
    started = request.getfixturevalue("halved")
    shared, two = fold(history, FSRS, LABELS), rows(history, tmp_path / "two.db")
    assert len(started) == 2
    assert (list(shared.cards.items()), list(shared.pasts.items())) == (
        list(alone.cards.items()),
        list(alone.pasts.items()),
    )
    assert len(two["pasts"]) > 50
    assert two == one


def raises(data: object) -> bytes:
    raise MemoryError(data)


def is_killed(_data: object) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


@pytest.mark.parametrize("end", [raises, is_killed])
def test_a_process_that_dies_leaves_its_cards_to_this_one(
    end: Callable[[object], bytes], halved: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    history = long_history(7)
    expected = fold(history, FSRS, LABELS)
    monkeypatch.setattr(fold_cards, "packed", end)
    done: list[int] = []
    found = fold(history, FSRS, LABELS, beside=lambda reviews: lambda: done.append(len(reviews)))
    assert (found.cards, found.pasts) == (expected.cards, expected.pasts)
    assert len(halved) == 2
    assert done == [len(found.listed)]  # once, though the cards were folded again


def test_no_process_to_be_had_is_no_error(monkeypatch: pytest.MonkeyPatch, halved: list[int]) -> None:
    history = long_history(8)
    expected = fold(history, FSRS, LABELS)

    def refused() -> int:
        raise BlockingIOError("no process left")

    monkeypatch.setattr(os, "fork", refused)
    assert fold(history, FSRS, LABELS).cards == expected.cards
    assert len(halved) == 1


def test_what_is_interrupted_leaves_no_process_behind(halved: list[int]) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fold(long_history(9), FSRS, LABELS, beside=lambda _reviews: interrupt)
    with pytest.raises(ProcessLookupError):
        os.kill(halved[0], 0)


def test_a_few_reviews_are_folded_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden() -> int:
        raise AssertionError("a second process for three reviews")

    monkeypatch.setattr(os, "fork", forbidden)
    events: list[Event] = [Review(*stamp(f"id-{n}", n), "aaaa", 3) for n in range(3)]
    assert fold(events, FSRS, LABELS).cards["aaaa"].reps == 3

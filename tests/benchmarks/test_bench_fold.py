"""Rebuilding schedule and store from the log against py-fsrs replaying the same reviews, in one run.

`STUDYKIT_BENCH_REVIEWS` sets how many reviews (200,000 unless told; a million takes about two gigabytes, most of it
for what py-fsrs is given). Times are those of the processor, the best of three: waiting for neighbours counts for none.
"""

import os
import random
import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import fsrs
import pytest

from studykit.spacing.scheduler import scheduler
from studykit.store import history as history_of
from studykit.store.database import open_store
from studykit.store.events import Review, new_id
from studykit.store.fold import CardHistory, fold
from studykit.store.log import Log
from studykit.store.rebuild import replace_events

REVIEWS = int(os.environ.get("STUDYKIT_BENCH_REVIEWS", "200000"))
DAYS = 700
START = date(2024, 1, 1)
RUNS = 3

Result = TypeVar("Result")


def quickest(run: Callable[[], Result]) -> tuple[float, Result]:
    """Processor seconds of the best of several runs, and what the last one gave."""
    times = []
    for _ in range(RUNS):
        began = time.process_time()
        result = run()
        times.append(time.process_time() - began)
    return min(times), result


def reviews(count: int) -> Iterator[Review]:
    """Two years of two devices, 20 reviews a card, as they would be made."""
    draw = random.Random(1)
    cards = [f"{draw.getrandbits(64):016x}" for _ in range(count // 20)]
    a_day = count // DAYS
    for number in range(a_day * DAYS):
        day = (START + timedelta(days=number // a_day)).isoformat()
        seconds = number % a_day * 36_000 // a_day
        at = f"{day}T{8 + seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{number % 1000:03d}Z"
        device, rating = draw.choice(("laptop-1a2b", "phone-3c4d")), draw.choice((1, 2, 3, 3, 3, 3, 4))
        yield Review(new_id(), at, day, device, draw.choice(cards), rating, draw.randrange(2000, 30_000))


@pytest.fixture(scope="module")
def history() -> list[Review]:
    return list(reviews(REVIEWS))


@pytest.fixture(scope="module")
def log(history: list[Review], tmp_path_factory: pytest.TempPathFactory) -> Log:
    root = tmp_path_factory.mktemp("vault") / ".studykit" / "log"
    for device in {review.device for review in history}:
        Log(str(root), device).append(review for review in history if review.device == device)
    return Log(str(root), "laptop-1a2b")


@pytest.mark.benchmark
def test_rebuild_against_py_fsrs(history: list[Review], log: Log, tmp_path: Path) -> None:
    """Both start from nothing and end in the same memory; we also read the files and write the store's rows."""
    cards = sorted({review.card for review in history})
    read_time, read = quickest(log.read_all)
    fold_time, folded = quickest(lambda: fold(read.events, scheduler("fsrs"), {}))
    whole_time, peak = quickest(lambda: rebuild(log, cards, tmp_path / "store.db"))
    stamps = {review.day: datetime.fromisoformat(review.day + "T12:00+00:00").astimezone(UTC) for review in history}
    prepared = [(review.card, fsrs.Rating(review.rating), stamps[review.day]) for review in history]
    peer_time, theirs = quickest(lambda: replay_with_py_fsrs(prepared))
    size = sum(path.stat().st_size for path in Path(log.root).rglob("*.jsonl"))
    print(
        f"\n{len(history):,} reviews, {len(folded.cards):,} cards, {size / len(history):.0f} bytes a line, "
        f"peak memory {peak:.0f} MiB before py-fsrs: read {read_time:.2f} s, fold {fold_time:.2f} s, read, fold and "
        f"store {whole_time:.2f} s, py-fsrs {peer_time:.2f} s; fold / py-fsrs = {fold_time / peer_time:.3f}, "
        f"read and fold / py-fsrs = {(read_time + fold_time) / peer_time:.3f}, "
        f"read, fold and store / py-fsrs = {whole_time / peer_time:.3f}"
    )
    same_memory(folded.cards, theirs)


def rebuild(log: Log, cards: list[str], file: Path) -> float:
    """Every review and the schedule of every card into a store that knows the cards; peak memory so far, in MiB."""
    store = open_store(str(file))
    store.connection.execute("DELETE FROM logs")
    if not store.connection.execute("SELECT 1 FROM cards").fetchone():
        store.connection.executemany(
            "INSERT INTO cards(id, base, rule, kind, deck, file, line, prompt, answer, active)"
            " VALUES (?, '', 'lead', 'recall', '', 'a.md', 1, 'What?', 'That.', 1)",
            [(card,) for card in cards],
        )
    with store.write():
        read = history_of.new_events(store, log)
        history_of.write_histories(store, replace_events(store, read.events, scheduler("fsrs"), {}))
    assert store.connection.execute("SELECT sum(reviews) FROM blocks").fetchone()[0] == len(read.events)
    store.close()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def replay_with_py_fsrs(prepared: list[tuple[str, fsrs.Rating, datetime]]) -> dict[str, fsrs.Card]:
    theirs = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    cards = {name: fsrs.Card(card_id=number) for number, name in enumerate({name for name, _, _ in prepared})}
    for name, rating, moment in prepared:
        cards[name], _ = theirs.review_card(cards[name], rating, moment)
    return cards


def same_memory(ours: dict[str, CardHistory], theirs: dict[str, fsrs.Card]) -> None:
    assert ours.keys() == theirs.keys()
    for name, card in theirs.items():
        recall = ours[name].recall
        assert recall is not None
        assert (recall.stability, recall.difficulty) == pytest.approx((card.stability, card.difficulty), rel=1e-9)


@pytest.mark.benchmark
def test_reading_nothing_new(log: Log) -> None:
    """What every start of the program pays for the log: one look at each file's size and time."""
    everything, read = quickest(log.read_all)
    nothing, again = quickest(lambda: log.read_new(read.offsets))
    assert again.events == []
    print(f"\n{len(read.offsets)} files: all {everything:.2f} s, nothing new {nothing * 1000:.2f} ms")

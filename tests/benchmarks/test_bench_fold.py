"""Rebuilding schedule and store from the log against py-fsrs replaying the same reviews, in one run.

`STUDYKIT_BENCH_REVIEWS` sets how many reviews (200,000 unless told; a million takes about two gigabytes, most of it
for what py-fsrs is given), `STUDYKIT_BENCH_PAIRS` how often each takes its turn. The clock counts; processor time is
told beside it.
"""

import os
import random
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from operator import sub
from pathlib import Path
from typing import NamedTuple

import fsrs
import pytest

from studykit.spacing.scheduler import scheduler
from studykit.store import history as history_of
from studykit.store.database import made_anew, open_store
from studykit.store.events import Review, new_id
from studykit.store.log import Log
from studykit.store.past import CardHistory
from studykit.store.rebuild import replace_events

REVIEWS = int(os.environ.get("STUDYKIT_BENCH_REVIEWS", "200000"))
DAYS = 700
START = date(2024, 1, 1)
PAIRS = int(os.environ.get("STUDYKIT_BENCH_PAIRS", "3"))


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


class Course(NamedTuple):
    """Seconds by the clock for the parts of a rebuild, and those that processors worked for the whole of it."""

    read: float
    fold: float
    write: float
    worked: float

    @property
    def whole(self) -> float:
        return self.read + self.fold + self.write


@pytest.mark.benchmark
def test_rebuild_against_py_fsrs(history: list[Review], log: Log, tmp_path: Path) -> None:
    """Both start from nothing and end in the same memory; we also read the files and write the store's rows."""
    cards = sorted({review.card for review in history})
    stamps = {review.day: datetime.fromisoformat(review.day + "T12:00+00:00").astimezone(UTC) for review in history}
    prepared = [(review.card, fsrs.Rating(review.rating), stamps[review.day]) for review in history]
    courses, peers = [], []
    for number in range(PAIRS):
        course, ours = rebuild(log, cards, tmp_path / f"{number}.db")
        began = worked(), time.perf_counter()
        theirs = replay_with_py_fsrs(prepared)
        peers.append((worked() - began[0], time.perf_counter() - began[1]))
        courses.append(course)
    same_memory(ours, theirs)
    size = sum(path.stat().st_size for path in Path(log.root).rglob("*.jsonl"))
    ratios = sorted(course.whole / peer for course, (_, peer) in zip(courses, peers, strict=True))
    efforts = sorted(course.worked / peer for course, (peer, _) in zip(courses, peers, strict=True))
    middle = sorted(courses, key=lambda course: course.whole)[PAIRS // 2]
    peer = sorted(seconds for _, seconds in peers)[PAIRS // 2]
    print(
        f"\n{len(history):,} reviews, {len(ours):,} cards, {size / len(history):.0f} bytes a line, {PAIRS} "
        f"pairs by turns: read {middle.read:.2f} s (their rows written), fold {middle.fold:.2f} s (those of "
        f"cards written), schedules {middle.write:.2f} s, together {middle.whole:.2f} s; py-fsrs {peer:.2f} s; "
        f"by the clock, rebuild / py-fsrs = {ratios[PAIRS // 2]:.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f}), "
        f"in processor time {efforts[PAIRS // 2]:.3f} ({efforts[0]:.3f} to {efforts[-1]:.3f})"
    )


def worked() -> float:
    """Processor seconds of this process and of those it started."""
    return sum(os.times()[:4])


def rebuild(log: Log, cards: list[str], file: Path) -> tuple[Course, dict[str, CardHistory]]:
    """Every review and the schedule of every card into a new store that knows the cards."""
    with made_anew(str(file)) as store:
        with store.write():
            store.connection.executemany(
                "INSERT INTO cards(id, base, rule, kind, deck, file, line, prompt, answer, active)"
                " VALUES (?, '', 'lead', 'recall', '', 'a.md', 1, 'What?', 'That.', 1)",
                [(card,) for card in cards],
            )
        before, times = worked(), [time.perf_counter()]
        with store.write():
            whole = history_of.new_events(store, log).whole
            assert whole is not None
            times.append(time.perf_counter())
            histories = replace_events(store, whole, scheduler("fsrs"), {})
            times.append(time.perf_counter())
            history_of.write_histories(store, histories)
    times.append(time.perf_counter())
    read_time, fold_time, write_time = map(sub, times[1:], times)
    course = Course(read_time, fold_time, write_time, worked() - before)
    with closing(open_store(str(file))) as store:
        assert store.connection.execute("SELECT sum(reviews) FROM blocks").fetchone()[0] == len(whole.columns.days)
    return course, histories


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
    times = [time.process_time()]
    read = log.read_all()
    times.append(time.process_time())
    again = log.read_new(read.offsets)
    times.append(time.process_time())
    everything, nothing = map(sub, times[1:], times)
    assert again.events == []
    print(f"\n{len(read.offsets)} files: all {everything:.2f} s, nothing new {nothing * 1000:.2f} ms")

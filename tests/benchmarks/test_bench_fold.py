"""Rebuilding schedule and store from the log against py-fsrs replaying the same reviews, in one run.

`STUDYKIT_BENCH_REVIEWS` sets how many reviews (200,000 unless told; a million takes about two gigabytes, most of it
for what py-fsrs is given), `STUDYKIT_BENCH_PAIRS` how often each takes its turn. The clock counts; processor time is
told beside it.
"""

import gc
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from operator import sub
from pathlib import Path
from typing import NamedTuple

import fsrs
import pytest

from studykit.store.database import open_store
from studykit.store.events import Review, new_id
from studykit.store.log import Log

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
    (tmp_path / "cards").write_text("\n".join(cards), encoding="utf-8")
    stamps = {review.day: datetime.fromisoformat(review.day + "T12:00+00:00").astimezone(UTC) for review in history}
    prepared = [(review.card, fsrs.Rating(review.rating), stamps[review.day]) for review in history]
    gc.freeze()  # what is prepared is not looked over again and again while py-fsrs works
    courses, peers = [], []
    for number in range(PAIRS):
        store = tmp_path / f"{number}.db"
        courses.append(rebuild(log, tmp_path / "cards", store))
        began = time.process_time(), time.perf_counter()
        theirs = replay_with_py_fsrs(prepared)
        peers.append((time.process_time() - began[0], time.perf_counter() - began[1]))
        same_memory(store, theirs)
    gc.unfreeze()
    size = sum(path.stat().st_size for path in Path(log.root).rglob("*.jsonl"))
    ratios = sorted(course.whole / peer for course, (_, peer) in zip(courses, peers, strict=True))
    efforts = sorted(course.worked / peer for course, (peer, _) in zip(courses, peers, strict=True))
    middle = sorted(courses, key=lambda course: course.whole)[PAIRS // 2]
    peer = sorted(seconds for _, seconds in peers)[PAIRS // 2]
    print(
        f"\n{len(history):,} reviews, {len(cards):,} cards, {size / len(history):.0f} bytes a line, {PAIRS} "
        f"pairs by turns: read {middle.read:.2f} s (their rows written), fold {middle.fold:.2f} s (those of "
        f"cards written), schedules {middle.write:.2f} s, together {middle.whole:.2f} s; py-fsrs {peer:.2f} s; "
        f"by the clock, rebuild / py-fsrs = {ratios[PAIRS // 2]:.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f}), "
        f"in processor time {efforts[PAIRS // 2]:.3f} ({efforts[0]:.3f} to {efforts[-1]:.3f})"
    )


def rebuild(log: Log, cards: Path, store: Path) -> Course:
    """In a process of its own: what py-fsrs is given takes a gigabyte here, in which all other work is slower."""
    words = [sys.executable, "-m", "tests.benchmarks.rebuild_once", log.root, str(cards), str(store)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    return Course(*json.loads(done.stdout))


def replay_with_py_fsrs(prepared: list[tuple[str, fsrs.Rating, datetime]]) -> dict[str, fsrs.Card]:
    theirs = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    cards = {name: fsrs.Card(card_id=number) for number, name in enumerate({name for name, _, _ in prepared})}
    for name, rating, moment in prepared:
        cards[name], _ = theirs.review_card(cards[name], rating, moment)
    return cards


def same_memory(file: Path, theirs: dict[str, fsrs.Card]) -> None:
    with closing(open_store(str(file))) as store:
        rows = store.connection.execute("SELECT id, stability, difficulty FROM cards").fetchall()
    assert {name for name, *_memory in rows} == theirs.keys()
    for name, *memory in rows:
        assert memory == pytest.approx([theirs[name].stability, theirs[name].difficulty], rel=1e-9)


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

"""A log read part by part gives the rows and schedules that a fold of all its events at once gives."""

import pickle
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studykit.processes import pool
from studykit.spacing.scheduler import scheduler
from studykit.store import fold_beside, gather, later_half, log_read
from studykit.store.columns import Columns
from studykit.store.database import MEMORY, Store, open_store
from studykit.store.events import Alias, Event, Import, Review, Suspend, Undo, encode
from studykit.store.fold import fold
from studykit.store.history import new_events, put_other_events
from studykit.store.log import Log
from studykit.store.log_merge import merged
from studykit.store.past import CardHistory
from studykit.store.pasts import DaySums, replace_reviews
from studykit.store.rebuild import replace_events
from studykit.store.standing import Standing, in_order
from tests.store.log_cases import LABELS, random_history, review, stamp
from tests.store.stored import stored, sums

FSRS = scheduler("fsrs")
Outcome = tuple[dict[str, CardHistory], list[object], list[object]]


class _AtOnce(Executor):
    """What another process would do, done here and now; what is handed over goes the way it goes between processes."""

    def submit(self, do: Callable[..., Any], /, *given: Any, **_named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(pickle.loads(pickle.dumps(do(*pickle.loads(pickle.dumps(given))))))
        return done


@pytest.fixture(autouse=True, params=["by one process", "by two"])
def _small_parts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two or three lines at a time, so that a short history has many parts; or half of the work by another process."""
    monkeypatch.setattr(log_read, "_BLOCK", 400)
    if request.param == "by two":
        monkeypatch.setattr(later_half, "_PORTION", 2)
        for room in (later_half, fold_beside):
            monkeypatch.setattr(room, "_WORTH_IT", 0)
            monkeypatch.setattr(room, "processors", lambda: 2)
            monkeypatch.setattr(room, "pool", lambda _number: _AtOnce())


@cache
def one_store() -> Store:
    return open_store(MEMORY)


@contextmanager
def emptied() -> Iterator[Store]:
    """A store without an event, inside `write()`."""
    store = one_store()
    with store.write():
        for table in ("logs", "blocks", "pasts", "loose", "days", "events", "meta"):
            store.connection.execute(f"DELETE FROM {table}")
        yield store


def rows(store: Store) -> list[object]:
    others = store.connection.execute("SELECT * FROM events ORDER BY id").fetchall()
    loose = {each.review.id for each in stored(store) if each.card is None}
    return [*stored(store), *sums(store), *others, loose]


def at_once(events: list[Event]) -> Outcome:
    """What the store holds after one fold of a list."""
    with emptied() as store:
        folded = fold(events, FSRS, LABELS)
        replace_reviews(store, folded)
        put_other_events(store, folded.others)
        return folded.cards, rows(store), []


def by_parts(root: Path) -> Outcome:
    """The same after a rebuild from the files under `root`; and the bounds of a row that do not hold."""
    with emptied() as store:
        whole = new_events(store, Log(str(root), "laptop")).whole
        assert whole is not None
        histories = replace_events(store, whole, FSRS, LABELS)
        assert new_events(store, Log(str(root), "laptop")) == ([], None)
        return histories, rows(store), wrong_bounds(store)


def wrong_bounds(store: Store) -> list[object]:
    from studykit.store.blocks import blocks

    wrong: list[object] = []
    for first, held in blocks(store, "ORDER BY first"):
        query = "SELECT reviews, earliest, latest, day, at FROM blocks WHERE first = ?"
        told = store.connection.execute(query, (first,)).fetchone()
        ids = [each.id for each in held]
        right = (len(held), min(ids), max(ids), max(each.day for each in held), max(each.at for each in held))
        if told != right:
            wrong.append((first, told, right))
    return wrong


def write(root: Path, events: Iterable[Event], name: str = "{month}.jsonl", folder: str = "{device}") -> None:
    """Each event's line at the end of its file."""
    for event in events:
        place = root / folder.format(device=event.device) / name.format(month=event.day[:7])
        place.parent.mkdir(parents=True, exist_ok=True)
        with open(place, "ab") as file:
            file.write(encode(event) + b"\n")


def by_id(events: list[Event]) -> list[Event]:
    return sorted(events, key=attrgetter("id"))


def timely(draw: random.Random, length: int) -> list[Event]:
    """A random history whose ids are in the order in which its events were made, as a device makes them."""
    made = random_history(draw, length)
    names = {event.id: f"{number:06d}" for number, event in enumerate(made)}
    found: list[Event] = []
    for event in made:
        changes = {"id": names[event.id]}
        if isinstance(event, Undo):
            changes["event"] = names.get(event.event, event.event)
        found.append(type(event)(**{name: getattr(event, name) for name in event.__struct_fields__} | changes))
    return found


@given(seed=st.integers(0, 2**32), size=st.integers(0, 60), ordered=st.booleans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_in_files_is_what_it_is_in_a_list(
    seed: int, size: int, ordered: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Ids in the order of time, as devices make them, or in none, as another program might."""
    draw = random.Random(seed)
    history = [*(timely if ordered else random_history)(draw, size), review("last", 900, 3)]
    root = tmp_path_factory.mktemp("vault") / "log"
    write(root, by_id(history) if ordered else history)
    assert by_parts(root) == at_once(history)


COPIES: dict[str, Callable[[Path, list[Event]], object]] = {
    "of a month, by a sync": lambda root, events: write(
        root, events[10:], "{month}.sync-conflict-20260301-120000-ABCDEFG.jsonl"
    ),
    "of a device": lambda root, events: write(root, events, folder="{device} (copy)"),
    "of everything, under no month": lambda root, events: write(root, events, "all.jsonl"),
    "of some lines, at the end": lambda root, events: write(root, events[3:40]),
    "in another month": lambda root, events: write(root, events[5:9], "2031-01.jsonl"),
    "that say something else": lambda root, events: write(root, differing(events), "2031-01.jsonl"),
    "that say something else in the same month": lambda root, events: write(root, differing(events)),
}


def differing(events: list[Event]) -> list[Event]:
    """Reviews under ids that are there, with other grades."""
    reviews = [event for event in events if isinstance(event, Review)][::7]
    return [Review(each.id, each.at, each.day, each.device, each.card, 1, 7) for each in reviews]


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
@pytest.mark.parametrize("seed", range(3))
def test_an_event_in_two_files_counts_once(
    copy: Callable[[Path, list[Event]], object], seed: int, tmp_path: Path
) -> None:
    history = timely(random.Random(seed), 90)
    write(tmp_path, history)
    copy(tmp_path, history)
    given = history + (differing(history) if copy.__code__.co_names.count("differing") else [])
    assert by_parts(tmp_path) == at_once(given)


@pytest.mark.parametrize("months", [1, 2], ids=["of the earlier half", "of the later half"])
def test_a_month_that_repeats_the_one_before(months: int, tmp_path: Path) -> None:
    made: list[Event] = [review(f"{number:02d}", number, 3, f"card-{number % 3}") for number in range(28 * months)]
    for month in range(months):
        write(tmp_path, made[28 * month :][:28], f"2026-0{month}.jsonl")
    write(tmp_path, made[-28:], "2026-04.jsonl")
    assert by_parts(tmp_path) == at_once([*made])


def test_an_import_that_a_copy_in_a_later_month_tells_otherwise(tmp_path: Path) -> None:
    """Of two lines with one id the same one counts, wherever they stand."""
    first, again = (Import(*stamp("03", 2), card="cccc", last="2026-01-02", interval=days, reps=4) for days in (9, 5))
    earlier: list[Event] = [review("01", 0, 3, "aaaa"), first]
    later: list[Event] = [again, review("04", 50, 3, "cccc")]
    write(tmp_path, earlier, "2026-01.jsonl")
    write(tmp_path, later, "2026-02.jsonl")
    assert by_parts(tmp_path) == at_once([*earlier, *later])


def test_a_file_of_earlier_days_under_a_later_name(tmp_path: Path) -> None:
    """Its ids are later, as if a clock had been behind."""
    later = [review(f"{number:02d}", 20 + number, 3, "aaaa") for number in range(9)]
    earlier = [review(f"{20 + number}", number, 2, "aaaa") for number in range(9)]
    write(tmp_path, later)
    write(tmp_path, earlier, "other.jsonl")
    assert by_parts(tmp_path) == at_once([*earlier, *later])


def test_copies_beside_each_other_need_no_second_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = timely(random.Random(5), 90)
    write(tmp_path, history)
    write(tmp_path, history, "{month} (1).jsonl")
    expected = at_once(history)
    read: list[object] = []
    month_files = Log.month_files

    def counted(*given: Any) -> Any:
        read.append(given)
        return month_files(*given)

    monkeypatch.setattr(Log, "month_files", counted)
    assert by_parts(tmp_path) == expected
    assert len(read) == 1
    write(tmp_path, history[:4], "2031-01.jsonl")
    assert by_parts(tmp_path) == expected
    assert len(read) == 3


def plain_history() -> list[Event]:
    """Reviews of eleven cards, one of which was studied elsewhere before, and one is suspended."""
    made: list[Event] = [review(f"{number:03d}", number // 3, number % 4 + 1, f"card-{number % 10}", number % 3)
                         for number in range(10, 400)]  # fmt: skip
    studied = Import(*stamp("000", 0), card="card-9", last="2026-01-02", interval=9, reps=4)
    return [studied, *made, Suspend(*stamp("400", 140), card="card-5", on=True)]


@pytest.fixture
def two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real ones, as for a long log."""
    for room in (later_half, fold_beside):
        monkeypatch.setattr(room, "_WORTH_IT", 0)
        monkeypatch.setattr(room, "processors", lambda: 2)
        monkeypatch.setattr(room, "pool", pool)


def test_another_process_does_half_of_the_work(
    tmp_path: Path, two_processes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = plain_history()
    write(tmp_path, history)
    monkeypatch.setattr(fold_beside, "processors", lambda: 1)
    expected = at_once(history)
    monkeypatch.setattr(fold_beside, "processors", lambda: 2)
    joined, received = later_half.Later.joined, fold_beside._received
    read: list[int] = []
    folded: list[Sequence[str]] = []

    def counted(self: later_half.Later, standing: Standing, *given: Any) -> None:
        before = len(standing.columns.days)
        joined(self, standing, *given)
        read.append(len(standing.columns.days) - before)

    def noted(future: Any, numbers: Any, cards: Sequence[str], by_oneself: Any) -> Any:
        folded.append(cards)
        return received(future, numbers, cards, by_oneself)

    monkeypatch.setattr(later_half.Later, "joined", counted)
    monkeypatch.setattr(fold_beside, "_received", noted)
    assert by_parts(tmp_path) == expected
    assert 0.3 < read[0] / sum(isinstance(event, Review) for event in history) < 0.8
    assert folded == [["card-6", "card-7", "card-8"]]


def test_if_the_other_process_is_ended_this_one_does_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = plain_history()
    write(tmp_path, history)
    expected = at_once(history)
    joined = later_half.Later.joined

    def ended(*given: Any) -> None:
        joined(*given)
        raise BrokenProcessPool("ended")

    class Ended(_AtOnce):
        def submit(self, do: Callable[..., Any], /, *given: Any, **_named: Any) -> Future[Any]:
            failed: Future[Any] = Future()
            failed.set_exception(BrokenProcessPool("ended"))
            return failed

    monkeypatch.setattr(later_half.Later, "joined", ended)
    monkeypatch.setattr(fold_beside, "pool", lambda _number: Ended())
    assert by_parts(tmp_path) == expected


def test_a_long_rebuild_says_how_far_it_is(tmp_path: Path) -> None:
    history: list[Event] = [review(f"{number:03d}", number, 3, f"card-{number % 7}") for number in range(120)]
    write(tmp_path, history)
    said: list[tuple[int, int, str]] = []
    with emptied() as store:
        whole = new_events(store, Log(str(tmp_path), "laptop"), progress=lambda *told: said.append(told)).whole
        assert whole is not None
        replace_events(store, whole, FSRS, LABELS, progress=lambda *told: said.append(told))
    for what in ("reading the review log", "working out schedules"):
        done, total = zip(*((done, total) for done, total, each in said if each == what), strict=True)
        assert done[-1] == total[-1]
        assert list(done) == sorted(done)
    assert said[-1] == (7, 7, "working out schedules")


def test_many_ids_in_no_order_are_sorted_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "_DOUBTFUL", 3)
    history = random_history(random.Random(9), 150)
    write(tmp_path, history)
    assert by_parts(tmp_path) == at_once(history)


def test_a_device_in_another_zone_is_a_day_ahead_in_every_part(tmp_path: Path) -> None:
    """Its days are later than those of the other device at the same moment, so no order of parts is that of days."""
    history: list[Event] = [
        Review(
            f"{number:06d}", f"2026-02-{1 + number // 12:02d}T{number % 12:02d}:00:00.000Z",
            f"2026-02-{1 + number // 12 + number % 2:02d}", ("laptop", "phone")[number % 2],
            f"card-{draw}", draw % 4 + 1, 900,
        )
        for number, draw in enumerate(random.Random(4).choices(range(5), k=300))
    ]  # fmt: skip
    write(tmp_path, history)
    with emptied() as store:
        standing = gather.gather(store, Log(str(tmp_path), "laptop"), {})[1]
        assert len(standing.seams) > 20
        for _card, run in standing.runs():
            own = [standing.reviews[place] for place in run.places]
            assert own == sorted(own, key=in_order)
    assert by_parts(tmp_path) == at_once(history)


def test_what_reaches_back_over_months_is_resolved_from_the_rows(tmp_path: Path) -> None:
    """An undo, an alias there and back, and imports before and on the day of a first review."""
    history: list[Event] = [
        review("01", 0, 3, "aaaa"),
        review("02", 1, 2, "bbbb"),
        Import(*stamp("03", 2), card="cccc", last="2026-01-02", interval=9, reps=4),
        review("04", 2, 3, "cccc", minute=5),
        review("05", 3, 3, "dddd"),
        Import(*stamp("06", 3, 9), card="dddd", last="2026-01-02", interval=9, reps=4),
        Alias(*stamp("07", 40), card="aaaa", to="bbbb"),
        review("08", 50, 4, "aaaa"),
        Alias(*stamp("09", 60), card="bbbb", to="aaaa"),
        review("10", 70, 3, "bbbb"),
        Undo(*stamp("11", 90), event="02"),
    ]
    write(tmp_path, history)
    found = by_parts(tmp_path)
    assert found == at_once(history)
    assert (found[0]["cccc"].imported, found[0]["dddd"].imported) == (4, 0)
    assert found[0].keys() == {"aaaa", "cccc", "dddd"}


def test_parts_of_several_files_come_in_one_order() -> None:
    draw = random.Random(3)
    events: list[Event] = [review(f"{number:04d}", 0, 3) for number in range(500)]
    files = [[], [], []]  # type: list[list[Event]]
    for event in events:
        draw.choice(files).append(event)
    streams = [iter([file[start : start + 7] for start in range(0, len(file), 7)]) for file in files]
    parts = list(merged(streams))
    assert [event for part in parts for event in part] == events
    assert max(map(len, parts)) <= 21


def test_the_sums_of_a_day_leave_out_what_was_taken_back() -> None:
    reviews = [review("1", 0, 1), review("2", 0, 3), review("3", 1, 4)]
    sums_of = DaySums(Columns.of(reviews)).without({1: reviews[1]})
    assert list(sums_of.values()) == [[1, 4000, 1, 1, 0], [1, 4000, 0, 1, 1]]

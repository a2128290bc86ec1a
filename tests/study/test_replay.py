"""What is folded when: after a setting changed everything, after a review that card, after an update all once more."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest

from studykit.spacing.scheduler import Scheduler, scheduler
from studykit.store import events, fold, history, rebuild
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import open_store
from studykit.store.log import Log
from studykit.store.pasts import replace_reviews
from studykit.store.reviews import Reviewed
from studykit.store.standing import Standing
from studykit.study.sync import sync
from tests.store.log_cases import review
from tests.store.stored import stored, sums
from tests.study.conftest import Notes


class Counted:
    """How many events each fold was given."""

    def __init__(self, patched: pytest.MonkeyPatch) -> None:
        self.given: list[int] = []
        patched.setattr(history, "fold", self.fold)
        patched.setattr(rebuild, "fold_cards", self.fold_cards)

    def fold(
        self,
        given: Iterable[events.Event],
        chosen: Scheduler,
        labels: Mapping[str, str],
        own: Mapping[str, Scheduler],
    ) -> fold.Folded:
        listed = list(given)
        self.given.append(len(listed))
        return fold.fold(listed, chosen, labels, own)

    def fold_cards(self, standing: Standing, *rest: Any) -> Iterator[Any]:
        self.given.append(len(standing.columns.days) + len(standing.rest))
        return fold.fold_cards(standing, *rest)

    def take(self) -> list[int]:
        given, self.given = self.given, []
        return given


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return Counted(monkeypatch)


@pytest.fixture
def studied(three: Notes) -> Notes:
    """Each of three cards reviewed three times, and all of that taken in by a sync."""
    for _ in range(3):
        session = three.open()
        while session.question is not None:
            session.grade(3, 1000)
        session.finish()
        three.pass_days(40)
    sync(three.vault)
    return three


def cards(notes: Notes) -> dict[str, CardRow]:
    with closing(open_store(notes.vault.store_file)) as store:
        return {card.id: card for card in select_cards(store, "active = 1")}


def configure(notes: Notes, text: str) -> None:
    (notes.root / ".studykit" / "config.toml").write_text(text)


def test_a_sync_folds_only_what_is_new(studied: Notes, counted: Counted) -> None:
    sync(studied.vault)
    assert counted.take() == []
    chosen, card = min(cards(studied).items())
    Log(studied.vault.log_folder, "phone").append([review("new", 2000, 3, card=chosen, device="phone")])
    sync(studied.vault)
    assert counted.take() == [card.reps + 1]
    session = studied.open(filter="file:ring", cram=True)
    session.flag()
    session.finish()
    (ring,) = (card for card in cards(studied).values() if card.file == "net/ring.md")
    assert counted.take() == [ring.reps + 1]
    sync(studied.vault, rebuild=True)
    assert counted.take() == [sum(card.reps for card in cards(studied).values()) + 1]


@pytest.mark.parametrize(
    ("setting", "changes"),
    [
        ("desired_retention = 0.8", {"retention": 0.8}),
        ("maximum_interval = 9", {"maximum_interval": 9}),
        ('scheduler = "ladder"', {"name": "ladder"}),
        ("rollover_hour = 2", {}),
    ],
)
def test_a_setting_that_bears_on_the_schedule_replays_everything(
    studied: Notes, counted: Counted, setting: str, changes: dict[str, object]
) -> None:
    before = cards(studied)
    counted.take()
    configure(studied, f"[schedule]\n{setting}\n")
    sync(studied.vault)
    assert counted.take() == [sum(card.reps for card in before.values())]
    chosen = scheduler(str(changes.pop("name", "fsrs")), **changes)  # type: ignore[arg-type]
    read = Log(studied.vault.log_folder, "x").read_all()
    expected = fold.fold(read.events, chosen, {}).cards
    after = cards(studied)
    assert {name: card.recall for name, card in after.items()} == {name: each.recall for name, each in expected.items()}
    dues = ({name: card.due for name, card in each.items()} for each in (before, after))
    assert (next(dues) == next(dues)) == setting.startswith("rollover")
    configure(studied, "")
    sync(studied.vault)
    assert cards(studied) == before


def test_a_setting_that_does_not_bear_on_it_replays_nothing(studied: Notes, counted: Counted) -> None:
    configure(studied, '[schedule]\nnew_per_day = 3\n[notes]\nwrite_back = "never"\n')
    sync(studied.vault)
    assert counted.take() == []


def test_what_an_earlier_version_passed_over_is_read_after_the_update(studied: Notes, counted: Counted) -> None:
    """The lines stand before the marks of what was read, so only reading again finds them."""
    chosen = min(cards(studied))
    before = cards(studied)[chosen].reps
    Log(studied.vault.log_folder, "phone").append([review("new", 2000, 3, card=chosen, device="phone")])
    sync(studied.vault)
    with closing(open_store(studied.vault.store_file)) as store, store.write():
        known = [each.review for each in stored(store) if each.review.id != "new"]
        replace_reviews(store, fold.fold(known, scheduler("fsrs"), {}))
        assert json.loads(store.connection.execute("SELECT mark FROM logs").fetchone()[0])
        store.set_meta("log_form", "review(id)")
    sync(studied.vault)
    assert cards(studied)[chosen].reps == before + 1


def test_rows_written_at_once_are_those_written_one_by_one(studied: Notes) -> None:
    """Undone, fuzzed, suggested, moved by an alias, with a clock set back: every kind of review row."""
    one, two, three = sorted(cards(studied))
    log = Log(studied.vault.log_folder, "phone")
    stamp = ("2032-01-01T08:00:00.000Z", "2032-01-01", "phone")
    for event in (
        events.Review("1", *stamp, one, 3, 9, 1, suggested=2),
        events.Review("2", *stamp, two, 1, 9, clock_back=True),
        events.Review("3", *stamp, three, 4, 9),
        events.Undo("4", *stamp, "3"),
        events.Review("5", *stamp, "old", 4, 9),
        events.Alias("6", *stamp, "old", one),
        events.Suspend("7", *stamp, three, True),
    ):
        log.append([event])
        sync(studied.vault)

    def rows() -> list[tuple[object, ...]]:
        with closing(open_store(studied.vault.store_file)) as store:
            return [*stored(store), *sums(store), *store.connection.execute("SELECT * FROM events ORDER BY id")]

    grown = rows()
    assert {row.review.id for row in grown if isinstance(row, Reviewed) and row.card is None} == {"3"}  # taken back
    sync(studied.vault, rebuild=True)
    assert rows() == grown

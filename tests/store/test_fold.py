"""The fold: one state for one set of events, whatever their order, copies and way here."""

import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.spacing.scheduler import scheduler
from studykit.spacing.state import Recall
from studykit.store.events import Bury, Event, Flag, Import, Pause, Review, Suspend, Undo, order
from studykit.store.fold import Folded, fold
from studykit.store.lineage import undone
from studykit.store.past import CardHistory
from tests.store.log_cases import LABELS, START, day, histories, random_history, review, stamp

FSRS = scheduler("fsrs")


def state(folded: Folded) -> object:
    return folded.cards, list(folded.reviews), folded.names


def folded(events: Iterable[Event]) -> object:
    return state(fold(events, FSRS, LABELS))


def card(events: Iterable[Event], name: str = "aaaa") -> CardHistory:
    return fold(events, FSRS, {}).cards[name]


@given(histories(), st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(history: list[Event], draw: random.Random) -> None:
    expected = folded(history)
    for _ in range(5):
        draw.shuffle(history)
        assert folded(history) == expected


def test_a_thousand_shuffles_of_one_history_fold_alike() -> None:
    draw = random.Random(11)
    history = random_history(draw, 120)
    expected = folded(history)
    assert len(list(fold(history, FSRS, LABELS).reviews)) > 40
    for _ in range(1000):
        draw.shuffle(history)
        assert folded(history) == expected


@given(histories(), st.randoms(use_true_random=False))
def test_events_that_come_twice_count_once(history: list[Event], draw: random.Random) -> None:
    expected = folded(history)
    assert folded(history + history) == expected
    assert folded(history + draw.sample(history, len(history) // 2)) == expected


@given(histories(), st.data())
def test_two_devices_agree_however_their_logs_are_joined(history: list[Event], data: st.DataObject) -> None:
    logs = {device: [event for event in history if event.device == device] for device in ("laptop", "phone")}
    laptop, phone = logs["laptop"], logs["phone"]
    joined: list[Event] = []
    while laptop or phone:
        source = laptop if not phone or (laptop and data.draw(st.booleans())) else phone
        joined.append(source.pop(0))
    assert folded(joined) == folded(history)


@given(histories(), st.data())
def test_undo_gives_back_exactly_the_state_before(history: list[Event], data: st.DataObject) -> None:
    *before, latest = history or [review("only", 0, 3)]
    if any(isinstance(event, Undo) and event.event == latest.id for event in before):
        return
    undo = Undo(*stamp("undo", 5000), event=latest.id)
    assert folded([*before, latest, undo]) == folded(before)
    redo = Undo(*stamp("redo", 5001), event=undo.id)
    assert folded(data.draw(st.permutations([*before, latest, undo, redo]))) == folded([*before, latest])
    again = Undo(*stamp("again", 5002), event="redo")
    assert folded([*before, latest, undo, redo, again]) == folded(before)


class Naive:
    """The fold as its description reads, one event after another, for histories without aliases."""

    def __init__(self, history: Sequence[Event]) -> None:
        self.undos = {event.id: event for event in history if isinstance(event, Undo)}
        self.recalls: dict[str, Recall | None] = {}
        self.days: dict[str, set[str]] = {}
        self.switches: dict[str, list[object]] = {}
        self.rows: list[tuple[str, int | None, float]] = []
        for event in sorted(history, key=order):
            if self.stands(event.id) and not isinstance(event, Undo):
                self.take(event)

    def stands(self, name: str) -> bool:
        return not any(undo.event == name and self.stands(undo.id) for undo in self.undos.values())

    def take(self, event: Event) -> None:
        assert not isinstance(event, Undo | Pause)
        recall = self.recalls.setdefault(event.card, None)
        switches = self.switches.setdefault(event.card, [False, None, False])
        if isinstance(event, Review):
            today = date.fromisoformat(event.day)
            elapsed = (today - recall.last).days if recall else None
            self.rows.append((event.id, elapsed, recall.stability if recall else 0.0))
            label = LABELS.get(event.card, "medium")
            self.recalls[event.card] = FSRS.review(recall, event.rating, today, fuzz=event.fuzz, label=label)
            self.days.setdefault(event.card, set()).add(event.day)
        elif isinstance(event, Import) and recall is None:
            last = date.fromisoformat(event.last)
            self.recalls[event.card] = FSRS.imported(
                last=last, interval=event.interval, reps=event.reps, label=event.label
            )
        elif isinstance(event, Suspend):
            switches[0] = event.on
        elif isinstance(event, Bury):
            switches[1] = date.fromisoformat(event.until) if event.until else None
        elif isinstance(event, Flag):
            switches[2] = event.on


@given(histories(aliases=False), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_the_fold_is_what_its_description_says(history: list[Event], draw: random.Random) -> None:
    naive = Naive(history)
    draw.shuffle(history)
    found = fold(history, FSRS, LABELS)
    assert {name: each.recall for name, each in found.cards.items()} == naive.recalls
    assert {name: [c.suspended, c.buried_until, c.flagged] for name, c in found.cards.items()} == naive.switches
    for name, each in found.cards.items():
        days = sorted(naive.days.get(name, ()))
        assert each.days == len(days)
        assert [each.introduced, each.reviewed] == [
            date.fromisoformat(days[place]) if days else None for place in (0, -1)
        ]
    rows = sorted((event.id, elapsed, stability) for event, _, elapsed, stability in found.reviews)
    assert rows == sorted(naive.rows)


@pytest.mark.parametrize("name", ["ladder", "sm2"])
def test_other_schedulers_replay_the_same_log(name: str) -> None:
    other = scheduler(name)
    history = [review("1", 0, 3), review("2", 1, 3), review("3", 7, 1), review("4", 7, 3, minute=5)]
    recall = None
    for event in history:
        recall = other.review(recall, event.rating, date.fromisoformat(event.day))
    assert fold(reversed(history), other, {}).cards["aaaa"].recall == recall


def test_one_card_on_two_devices_on_one_day() -> None:
    """Each device knew only its own review; together the second is a repeat on the same day."""
    laptop, phone = review("1", 3, 3, minute=0), review("2", 3, 4, minute=90, device="phone")
    first = FSRS.review(None, 3, START + timedelta(days=3))
    both = FSRS.review(first, 4, START + timedelta(days=3))
    for arrived in ([laptop, phone], [phone, laptop]):
        history = card(arrived)
        assert history.recall == both
        assert (history.reps, history.days) == (2, 1)


def test_a_device_whose_clock_is_a_day_ahead_changes_nothing_but_its_own_day() -> None:
    """Its review is recorded for tomorrow; the other's of today sorts before it, wherever it was read."""
    ahead, right = review("1", 4, 3, device="phone"), review("2", 3, 1, minute=50)
    expected = FSRS.review(FSRS.review(None, 1, START + timedelta(days=3)), 3, START + timedelta(days=4))
    assert card([ahead, right]).recall == card([right, ahead]).recall == expected


def test_a_review_with_the_clock_set_back_stays_the_last_of_its_day() -> None:
    """The clock said day 2 while day 5 was known: the review counts for day 5, after the one made before it."""
    known = review("1", 5, 3, minute=30)
    back = Review("2", f"{day(2)}T07:00:00.000Z", day(5), "laptop", "aaaa", 1, 900, clock_back=True)
    on_day_5 = START + timedelta(days=5)
    expected = FSRS.review(FSRS.review(None, 3, on_day_5), 1, on_day_5)
    assert card([back, known]).recall == card([known, back]).recall == expected
    assert expected.due == on_day_5


def test_an_import_counts_only_where_nothing_came_before() -> None:
    brought = Import(*stamp("2", 10), card="aaaa", last=day(2), interval=15, reps=6, label="easy")
    twice = Import(*stamp("3", 11, device="phone"), card="aaaa", last=day(2), interval=99, reps=6, label="easy")
    alone = card([twice, brought])
    assert alone.recall == FSRS.imported(last=START + timedelta(days=2), interval=15, reps=6, label="easy")
    assert (alone.imported, alone.reps, alone.days, alone.introduced) == (6, 6, 0, None)
    later = fold([review("4", 20, 3), brought], FSRS, {})
    assert later.cards["aaaa"].reps == 7
    assert [(elapsed, stability) for _, _, elapsed, stability in later.reviews] == [(18, 15.0)]
    assert card([review("1", 9, 3), brought]).recall == FSRS.review(None, 3, START + timedelta(days=9))


def test_numbers_a_note_and_its_statistics_need() -> None:
    events = [review("1", 0, 1), review("2", 0, 3, minute=1), review("3", 4, 1), review("4", 9, 3)]
    history = card(events)
    assert (history.reps, history.lapses, history.days) == (4, 1, 3)
    assert (history.introduced, history.reviewed) == (START, START + timedelta(days=9))
    rows = list(fold(events, FSRS, {}).reviews)
    assert [row[0] for row in rows] == events
    assert [row[2] for row in rows] == [None, 0, 4, 5]


def test_labels_are_an_input() -> None:
    easy, hard = (fold([review("1", 0, 3)], FSRS, {"aaaa": label}).cards["aaaa"].recall for label in ("easy", "hard"))
    assert easy is not None
    assert hard is not None
    assert easy.difficulty < hard.difficulty


def test_undos_in_a_ring_or_of_nothing_stop_nobody() -> None:
    ring = [Undo(*stamp("u1", 1), event="u2"), Undo(*stamp("u2", 2), event="u1"), Undo(*stamp("u3", 3), event="u3")]
    assert undone(ring) == undone(reversed(ring))
    assert card([review("1", 0, 3), *ring, Undo(*stamp("u4", 4), event="not here")]).reps == 1


def test_a_long_chain_of_undos_is_no_recursion() -> None:
    chain: list[Event] = [review("0", 0, 3), review("kept", 0, 3, card="bbbb")]
    chain += [Undo(*stamp(str(number), number), event=str(number - 1)) for number in range(1, 4001)]
    assert fold(chain, FSRS, {}).cards.keys() == {"aaaa", "bbbb"}  # an even number: the review stands
    assert fold(chain[:-1], FSRS, {}).cards.keys() == {"bbbb"}


def test_two_events_with_one_id_are_settled_by_what_they_say() -> None:
    one = review("1", 0, 3)
    other = msgspec.structs.replace(one, rating=1)
    assert folded([one, other]) == folded([other, one]) == folded([other, one, other])
    assert card([one, other]).reps == 1


def test_a_card_whose_only_review_was_undone_is_as_if_never_met() -> None:
    assert fold([review("1", 0, 3), Undo(*stamp("2", 0, 1), event="1")], FSRS, {}).cards == {}


def test_days_at_the_end_of_the_calendar_fold() -> None:
    late = Review("1", "9999-12-31T08:00:00.000Z", "9999-12-31", "laptop", "aaaa", 4)
    assert card([late, review("0", 0, 4)]).recall is not None

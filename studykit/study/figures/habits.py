"""How this learner answers and how long it takes, from the reviews of the log: what a plan reckons with."""

import json
from math import ceil

import msgspec

from studykit.spacing.learner import Four, Learner
from studykit.store.database import Store
from studykit.store.reviews import latest

_LATEST = 5_000  # reviews: habits change, and more would not make them clearer
_LONGEST = 600.0  # seconds: whoever takes longer has left the chair
_OUTLIER = 4.0  # times the median; sums of minutes need means, and one telephone call must not spoil them
_WEIGHT = 10.0  # a default counts as this many answers, so that the first few decide nothing
_NEW, _DUE, _AGAIN = range(3)
_USUAL_RECALL = 0.9  # of cards on the day they are due; a card that is forgotten takes longer


class Habits(msgspec.Struct, frozen=True):
    """The learner of a simulation, the time of each kind of card against the average, and the reviews behind it.

    Without reviews they are the averages of other learners.
    """

    learner: Learner
    pace: dict[str, float] = msgspec.field(default_factory=dict)
    reviews: int = 0


def habits_of(store: Store) -> Habits:
    """The habits behind the latest reviews of the store; without any, the averages of many other learners."""
    found = latest(store, _LATEST)
    query = "SELECT id, kind FROM cards WHERE id IN (SELECT value FROM json_each(?))"
    named = json.dumps(sorted({each.card for each in found if each.card}))
    kinds = dict(store.connection.execute(query, (named,)).fetchall())
    return habits(
        [(each.review.rating, each.review.ms / 1000.0, _state(each.elapsed), kinds[each.card])
         for each in found if each.card in kinds]
    )  # fmt: skip


def _state(elapsed: int | None) -> int:
    if elapsed is None:
        return _NEW
    return _DUE if elapsed else _AGAIN


def minutes_for(habits: Habits, due: int, new: int) -> int:
    """Whole minutes that so many due and new cards take, at least one where there are any.

    >>> minutes_for(Habits(Learner()), 0, 0), minutes_for(Habits(Learner()), 1, 0)
    (0, 1)
    """
    learner = habits.learner
    seconds = due * learner.expected(_USUAL_RECALL) + new * learner.seconds_new
    return max(round(seconds / 60), 1) if due or new else 0


def new_that_fit(habits: Habits, due: int, new: int, minutes: int) -> int:
    """How many of `new` cards a day of `minutes` (0: no limit) has room for after `due` cards.

    >>> new_that_fit(Habits(Learner()), 203, 20, 30), new_that_fit(Habits(Learner()), 14, 20, 30)
    (0, 20)
    """
    if not minutes:
        return new
    left = minutes * 60 - due * habits.learner.expected(_USUAL_RECALL)
    return min(new, max(ceil(left / habits.learner.seconds_new), 0))


def habits(answers: list[tuple[int, float, int, str]]) -> Habits:
    """From (grade, seconds, state, kind of card) each; states: 0 new, 1 due, 2 asked again on its day.

    >>> habits([]).learner == Learner()
    True
    """
    usual = Learner()
    if not answers:
        return Habits(usual)
    counts = [[0] * 4 for _ in range(3)]
    times: list[list[list[float]]] = [[[] for _ in range(4)] for _ in range(3)]
    by_kind: dict[str, list[float]] = {}
    for grade, seconds, state, kind in answers:
        counts[state][grade - 1] += 1
        if 0.0 < seconds <= _LONGEST:
            times[state][grade - 1].append(seconds)
            by_kind.setdefault(kind, []).append(seconds / usual.seconds[state][grade - 1])
    learner = Learner(
        first=_four(_shares(counts[_NEW], usual.first)),
        recalled=_three(_shares(counts[_DUE][1:], usual.recalled)),
        again=_four(_shares(counts[_AGAIN], usual.again)),
        seconds=_seconds(times, usual),
    )
    return Habits(learner, _pace(by_kind), len(answers))


def _seconds(times: list[list[list[float]]], usual: Learner) -> tuple[Four, Four, Four]:
    """By state and grade. Where there are few answers, the learner's pace elsewhere says more than other people do."""
    ratios = [
        (typical(own) / usual.seconds[state][grade], len(own))
        for state, row in enumerate(times)
        for grade, own in enumerate(row)
        if own
    ]
    pace = (sum(ratio * count for ratio, count in ratios) + _WEIGHT) / (sum(count for _, count in ratios) + _WEIGHT)
    new, due, again = (
        _four([_drawn_to(own, usual.seconds[state][grade] * pace) for grade, own in enumerate(row)])
        for state, row in enumerate(times)
    )
    return new, due, again


def _drawn_to(own: list[float], expected: float) -> float:
    return (len(own) * typical(own) + _WEIGHT * expected) / (len(own) + _WEIGHT) if own else expected


def typical(seconds: list[float]) -> float:
    """The mean, with what is over four times the median counted as four times the median.

    >>> typical([10.0, 12.0, 11.0, 9.0, 500.0])
    17.2
    """
    most = _OUTLIER * sorted(seconds)[(len(seconds) - 1) // 2]
    return sum(min(each, most) for each in seconds) / len(seconds)


def _pace(by_kind: dict[str, list[float]]) -> dict[str, float]:
    everything = [ratio for ratios in by_kind.values() for ratio in ratios]
    if not everything:
        return {}
    overall = typical(everything)
    return {
        kind: (len(ratios) * typical(ratios) / overall + _WEIGHT) / (len(ratios) + _WEIGHT)
        for kind, ratios in by_kind.items()
    }


def _shares(counts: list[int], usual: tuple[float, ...]) -> list[float]:
    total = sum(counts) + _WEIGHT
    return [(count + _WEIGHT * share) / total for count, share in zip(counts, usual, strict=True)]


def _four(values: list[float]) -> Four:
    one, two, three, four = values
    return one, two, three, four


def _three(values: list[float]) -> tuple[float, float, float]:
    one, two, three = values
    return one, two, three

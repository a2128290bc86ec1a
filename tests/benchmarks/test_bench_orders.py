"""What an order of due cards is worth when the day is too short for all: `value` against every other that is known.

Seeds are fixed, so that the tables are the same everywhere. They are printed with `-s`.
"""

import json
from collections.abc import Callable
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import fsrs_rs_python
import pytest

from studykit.spacing.learner import Learner
from studykit.spacing.orders import by_value, order
from studykit.spacing.simulation import Days, SimCard, by_retention
from tests.spacing import field_simulator as field
from tests.spacing import overdue


@pytest.mark.slow
def test_on_the_field_s_own_ground_no_order_is_better() -> None:
    """Mean cost of 60 runs each: not above any other by more than two standard errors, and below most by many."""
    memory = field.FieldOutcomes()
    orders = {**field.orders(memory), "value": by_value(memory, Learner())}
    costs = {name: [field.cost(field.course(memory, each, s)) for s in range(60)] for name, each in orders.items()}
    means = {name: mean(each) for name, each in costs.items()}
    error = max(stdev(each) for each in costs.values()) / 60**0.5
    print(f"\nseconds per card known, mean of 60 runs (standard error at most {error:.2f})")
    for name, value in sorted(means.items(), key=lambda pair: pair[1]):
        print(f"  {name:<16} {value:6.2f}  published for one seed: {field.PUBLISHED.get(name, float('nan')):6.2f}")
    assert all(means["value"] < each + 2 * error for each in means.values())
    for name in ("early due", "low recall", "low stability", "high difficulty", "short interval"):
        assert means["value"] < means[name] - 4 * error


@pytest.mark.slow
@pytest.mark.parametrize("minutes", [15, 4])
@pytest.mark.parametrize("pile", [overdue.few_reviews, overdue.many_reviews])
def test_on_a_pile_of_443_no_order_knows_more(pile: Callable[[], list[SimCard]], minutes: int) -> None:
    """Fifteen minutes clear the pile within weeks, whatever the order; with four it lasts, and order decides."""
    rows = overdue.table(pile(), minutes, 10)
    print("\n" + overdue.printed(f"{pile.__name__}, {minutes} minutes a day, mean of 10 runs", rows))
    value = rows["value"]
    rivals = [row for name, row in rows.items() if name not in ("value", "ladder")]
    assert all(value.through > row.through * 0.99 for row in rivals)
    assert all(mean(value.known) > mean(row.known) * 0.99 for row in rivals)
    if minutes == 4:
        assert value.through > rows["random"].through
        assert value.through > rows["high-recall"].through
        assert value.through > rows["low-recall"].through


_LIMIT = 12  # reviews a day; Anki caps its simulation by count only
_ANKI: dict[str, Any] = {"due": 0, "low-recall": 7, "random": 8, "high-recall": 11}  # its `ReviewCardOrder`


def _in_anki(pile: list[SimCard], folder: Path) -> dict[str, tuple[float, ...]]:
    """Knowledge after 30, 60 and 90 days by fsrs-rs itself, which Anki runs on cards of a collection.

    Its generator has one seed; a retention changed by a hair draws other numbers.
    """
    from anki import scheduler_pb2
    from anki.collection import Collection

    collection = Collection(str(folder / "pile.anki2"))
    try:
        model, deck = collection.models.by_name("Basic"), collection.decks.id("pile")
        assert model
        assert deck
        assert collection.db
        for number, card in enumerate(pile):
            note = collection.new_note(model)
            note["Front"], note["Back"] = str(number), "-"
            collection.add_note(note, deck)
            data = json.dumps({"s": card.stability, "d": card.difficulty, "dr": 0.9, "decay": 0.1542})
            collection.db.execute(
                "UPDATE cards SET type = 2, queue = 2, reps = 3, ivl = ?, due = ?, data = ? WHERE nid = ?",
                card.due - card.last, collection.sched.today + card.due, data, note.id,
            )  # fmt: skip
        known = {}
        for name, number in _ANKI.items():
            runs = [
                collection._backend.simulate_fsrs_review(
                    scheduler_pb2.SimulateFsrsReviewRequest(
                        params=list(fsrs_rs_python.DEFAULT_PARAMETERS), desired_retention=0.9 + step * 1e-4,
                        days_to_simulate=91, review_limit=_LIMIT, max_interval=36500, review_order=number,
                        new_cards_ignore_review_limit=True, historical_retention=0.9, learning_step_count=2,
                        relearning_step_count=1, easy_days_percentages=[1.0] * 7,
                    )
                )
                for step in range(8)
            ]  # fmt: skip
            known[name] = tuple(mean(run.accumulated_knowledge_acquisition[d] for run in runs) for d in overdue.AFTER)
        return known
    finally:
        collection.close()


@pytest.mark.slow
def test_the_pile_of_443_in_fsrs_rs_itself(tmp_path: Path) -> None:
    """Orders that it knows end there as in our simulation; `value`, which it cannot take, is not below the best."""
    pile, memory = overdue.many_reviews(), field.FieldOutcomes()
    theirs = _in_anki(pile, tmp_path)
    ours: dict[str, tuple[float, ...]] = {}
    for name in ("value", *_ANKI):
        runs = []
        for seed in range(8):
            priority = order(name, memory, overdue.LEARNER, str(seed))
            sim = field.FieldSimulation(
                memory, overdue.LEARNER, priority, Days(reviews=_LIMIT), by_retention(memory, 0.9), learning=2
            )
            runs.append(sim.run(pile, 91, seed))
        ours[name] = tuple(mean(run.knowledge[day] for run in runs) for day in overdue.AFTER)
    print(f"\n443 overdue cards, {_LIMIT} reviews a day: known after {overdue.AFTER} days, ours | fsrs-rs")
    for name, known in ours.items():
        peer = " ".join(f"{value:6.1f}" for value in theirs.get(name, ()))
        print(f"  {name:<12}" + " ".join(f"{value:6.1f}" for value in known) + f" | {peer}")
    for name, known in theirs.items():
        assert ours[name] == pytest.approx(known, rel=0.01)
    assert mean(ours["value"]) > max(map(mean, theirs.values())) * 0.99

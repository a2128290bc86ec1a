"""The simulated learner: its bookkeeping, and its figures against fsrs-rs's simulator."""

from statistics import mean, stdev

import fsrs_rs_python
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.spacing.learner import Learner
from studykit.spacing.outcomes import Outcomes
from studykit.spacing.simulation import Days, DeckDay, SimCard, Simulation, Used, by_ladder, by_retention
from tests.spacing import field_simulator as field

MEMORY = Outcomes()


def by_due(card: SimCard, _day: int) -> float:
    return card.due


studied = st.builds(
    SimCard,
    stability=st.floats(0.1, 500),
    difficulty=st.floats(1, 10),
    last=st.integers(-200, -1),
    due=st.integers(-100, 20),
)
cards = st.lists(studied | st.builds(SimCard), max_size=30)
limits = st.builds(
    Days,
    seconds=st.none() | st.floats(0, 300),
    reviews=st.none() | st.integers(0, 20),
    new=st.integers(0, 5),
)


@settings(max_examples=60)
@given(cards, limits, st.integers(0, 9))
def test_what_a_course_says_of_itself(pile: list[SimCard], days: Days, seed: int) -> None:
    sim = Simulation(MEMORY, Learner(), by_due, days, by_retention(MEMORY, 0.9))
    before = [repr(card) for card in pile]
    run = sim.run(pile, 15, seed)
    assert [repr(card) for card in pile] == before  # the pile itself is untouched
    assert repr(run) == repr(sim.run(pile, 15, seed))
    longest = 20.0 + 5 * 20.0  # the dearest card: shown, then asked again five times
    for day in range(15):
        assert days.seconds is None or run.seconds[day] < days.seconds + longest
        assert days.reviews is None or run.reviews[day] <= days.reviews
        assert run.introduced[day] <= days.new
        assert not (run.waiting[day] and run.introduced[day])  # what waits comes before what is new
        assert 0 <= run.knowledge[day] <= len(pile)
    if days.seconds is None and days.reviews is None:
        assert not any(run.waiting)
    assert sum(run.introduced) == sum(not card.stability for card in pile) - sum(
        not card.stability for card in run.cards
    )


def test_without_study_knowledge_is_that_of_the_curve() -> None:
    pile = [SimCard(10.0, 5.0, -3, 7), SimCard(40.0, 5.0, -30, 10)]
    sim = Simulation(MEMORY, Learner(), by_due, Days(reviews=0), by_retention(MEMORY, 0.9))
    run = sim.run(pile, 12)
    assert run.knowledge[11] == pytest.approx(MEMORY.recall(10.0, 14) + MEMORY.recall(40.0, 41))
    assert run.waiting == [0] * 7 + [1] * 3 + [2] * 2
    assert run.clear_on() == 0


@settings(max_examples=40)
@given(st.lists(studied, max_size=30), st.floats(20, 200), st.integers(0, 9))
def test_the_day_on_which_a_pile_is_gone_is_that_of_the_whole_course(
    pile: list[SimCard], seconds: float, seed: int
) -> None:
    sim = Simulation(MEMORY, Learner(), by_due, Days(seconds=seconds), by_retention(MEMORY, 0.9))
    assert sim.clear_on(pile, 15, seed) == sim.run(pile, 15, seed).clear_on()


def test_a_day_off_is_a_day_off() -> None:
    pile = [SimCard(10.0, 5.0, -20, 0) for _ in range(10)] + [SimCard() for _ in range(30)]
    days = Days(seconds=600, new=3, share=lambda day: 0.0 if day in (0, 1, 5) else 1.0)
    run = Simulation(MEMORY, Learner(), by_due, days, by_retention(MEMORY, 0.9)).run(pile, 8)
    assert [seconds > 0 for seconds in run.seconds] == [False, False, True, True, True, False, True, True]


def test_decks_and_notes_hold_cards_back() -> None:
    """Siblings come a day later each, a deck's cards as its limits let them; nobody else waits for either."""
    siblings = [SimCard(10.0, 5.0, -10, 0, note=1) for _ in range(3)]
    limited = [SimCard(10.0, 5.0, -10, 0, decks=(0,)) for _ in range(3)]
    new = [SimCard(decks=(1,)) for _ in range(4)] + [SimCard(note=2), SimCard(note=2), SimCard()]
    days = Days(new=10, decks=(DeckDay(reviews=1), DeckDay(new=3)))
    course = Simulation(Outcomes(), Learner(), by_due, days, lambda _card, _grade: 99).run(
        siblings + limited + new, 4, 1
    )
    assert course.reviews == [2, 2, 2, 0]
    assert course.introduced == [5, 2, 0, 0]
    assert course.waiting == [2, 1, 0, 0]
    assert [card.last for card in course.cards[:3]] == [0, 1, 2]


def test_what_the_first_day_has_had_is_taken_off_it_alone() -> None:
    old = [SimCard(10.0, 5.0, -10, 0, decks=(0,)) for _ in range(6)] + [SimCard(10.0, 5.0, -10, 0) for _ in range(6)]
    new = [SimCard(decks=(0,)) for _ in range(6)] + [SimCard() for _ in range(6)]

    def course(used: Used) -> tuple[list[int], list[int]]:
        days = Days(reviews=9, new=8, new_wait=False, decks=(DeckDay(reviews=4, new=3),), used=used)
        run = Simulation(Outcomes(), Learner(), by_due, days, lambda _card, _grade: 99).run(old + new, 3, 1)
        return run.reviews, run.introduced

    assert course(Used()) == ([9, 3, 0], [8, 4, 0])
    assert course(Used(reviews=2, new=1, decks=((0, 0),))) == ([7, 5, 0], [7, 5, 0])
    assert course(Used(decks=((4, 3),))) == ([6, 4, 2], [6, 3, 3])
    assert course(Used(seconds=1e9))[0][0] == 9  # without a limit of seconds there is nothing to take them off


def test_the_ladder_climbs_and_falls() -> None:
    step = by_ladder((1, 2, 5, 10))
    card = SimCard(5.0, 5.0)
    assert [step(card, grade) for grade in (3, 3, 4, 2, 1, 3)] == [1, 2, 10, 10, 1, 2]


def test_costs_of_the_default_order_are_those_of_fsrs_rs() -> None:
    """Chance differs, so means over seeds are compared, within four standard errors of their difference."""
    config = fsrs_rs_python.default_simulator_config()
    config.deck_size, config.learn_span = field.CARDS, field.SPAN
    config.learn_limit, config.review_limit = field.NEW, field.REVIEWS
    theirs, known = [], []
    for seed in range(16):
        result = fsrs_rs_python.simulate(fsrs_rs_python.DEFAULT_PARAMETERS, field.RETENTION, config, seed)
        theirs.append(sum(result.cost_per_day) / result.memorized_cnt_per_day[-1])
        known.append(result.memorized_cnt_per_day[-1])
    memory = field.FieldOutcomes()
    runs = [field.course(memory, field.orders(memory)["low difficulty"], seed) for seed in range(16)]
    for ours, peer in (([field.cost(run) for run in runs], theirs), ([run.knowledge[-1] for run in runs], known)):
        error = (stdev(ours) ** 2 / len(ours) + stdev(peer) ** 2 / len(peer)) ** 0.5
        assert abs(mean(ours) - mean(peer)) < 4 * error


@pytest.mark.slow
@pytest.mark.parametrize("name", field.PUBLISHED)
def test_costs_of_every_order_are_those_that_fsrs_rs_publishes(name: str) -> None:
    """One published run against the spread of ours: it must lie where a single run of ours would."""
    memory = field.FieldOutcomes()
    costs = [field.cost(field.course(memory, field.orders(memory)[name], seed)) for seed in range(20)]
    assert abs(field.PUBLISHED[name] - mean(costs)) < 3 * stdev(costs)

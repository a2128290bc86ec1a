"""Our simulation set up as fsrs-rs sets up its own, so that figures of the two can be compared.

Source of the rules and numbers: open-spaced-repetition/fsrs-rs, `src/simulation.rs` (`SimulatorConfig::default`, and
the test `simulate_with_review_priority_fn`, from which the published costs come).
"""

import random

from studykit.spacing.learner import Learner
from studykit.spacing.outcomes import Memory, Outcomes
from studykit.spacing.simulation import Course, Days, Priority, SimCard, Simulation, by_retention

RETENTION, CARDS, SPAN, NEW, REVIEWS = 0.8, 1000, 100, 10, 5

# Seconds per card known at the end, as its test has them for one seed.
PUBLISHED = {
    "low difficulty": 69.28404,
    "high difficulty": 74.6778,
    "low recall": 74.90477,
    "high recall": 69.74799,
    "low stability": 74.361115,
    "high stability": 68.68905,
    "long interval": 69.376434,
    "short interval": 74.64231,
    "early due": 70.820175,
    "late due": 71.20782,
}

_LEARNING = (
    (0.3686, 0.0628, 0.5108, 0.0577),
    (0.0442, 0.4553, 0.4457, 0.0549),
    (0.0519, 0.047, 0.8462, 0.055),
)
_RELEARNING = (
    (0.2157, 0.0643, 0.6595, 0.0604),
    (0.05, 0.4638, 0.4475, 0.0387),
    (0.1057, 0.1434, 0.7266, 0.0244),
)


class FieldOutcomes(Outcomes):
    """There, Hard on the same day wears a memory."""

    def same_day(self, stability: float, difficulty: float, rating: int) -> Memory:
        kept, harder = super().same_day(stability, difficulty, rating)
        if rating == 2:
            kept = stability * self._short[2] * stability ** -self.parameters[19]
        return max(kept, 0.001), harder


class FieldSimulation(Simulation):
    """There, the next grade of a learning step depends on the one before."""

    def _repeat(self, card: SimCard, grade: int, needed: int, state: int, chance: random.Random) -> float:
        cost, passed = 0.0, 0
        for _ in range(5):
            if passed >= needed or grade == 4:
                break
            row = (_LEARNING if state == 0 else _RELEARNING)[grade - 1]
            grade = chance.choices((1, 2, 3, 4), row)[0]
            card.stability, card.difficulty = self.memory.same_day(card.stability, card.difficulty, grade)
            cost += self.learner.seconds[state][grade - 1]
            passed = passed + 1 if grade > 2 else 0 if grade == 1 else passed
        return cost


def orders(memory: Outcomes) -> dict[str, Priority]:
    """The orders of its test, by our names."""
    return {
        "low difficulty": lambda card, _day: card.difficulty,
        "high difficulty": lambda card, _day: -card.difficulty,
        "low recall": lambda card, day: memory.recall(card.stability, day - card.last),
        "high recall": lambda card, day: -memory.recall(card.stability, day - card.last),
        "low stability": lambda card, _day: card.stability,
        "high stability": lambda card, _day: -card.stability,
        "long interval": lambda card, _day: card.last - card.due,
        "short interval": lambda card, _day: card.due - card.last,
        "early due": lambda card, _day: card.due,
        "late due": lambda card, _day: -card.due,
    }


def course(memory: Outcomes, priority: Priority, seed: int) -> Course:
    """One run of the setting of its test."""
    days = Days(reviews=REVIEWS, new=NEW, new_wait=False)
    interval = by_retention(memory, RETENTION)
    field = FieldSimulation(memory, Learner(), priority, days, interval, learning=2)
    return field.run([SimCard() for _ in range(CARDS)], SPAN, seed)


def cost(run: Course) -> float:
    """Seconds spent per card known on the last day."""
    return sum(run.seconds) / run.knowledge[-1]

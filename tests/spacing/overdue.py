"""Two piles of 443 cards that came due together, and what a fixed time a day makes of them under each order."""

import random
from dataclasses import dataclass
from statistics import mean

from studykit.spacing.ladder import STEPS
from studykit.spacing.learner import Learner
from studykit.spacing.orders import NAMES, order
from studykit.spacing.outcomes import Outcomes
from studykit.spacing.simulation import Days, Interval, Priority, SimCard, Simulation, by_ladder, by_retention

PILE = 443
AFTER = (30, 60, 90)  # days
LADDER = STEPS["medium"]
MEMORY, LEARNER = Outcomes(), Learner()

# The sample vault on its last day of use: interval, days since the review, how many notes. Three weeks are added.
_FEW_REVIEWS = (
    (2, 19, 4), (10, 18, 2), (2, 26, 2), (2, 18, 1), (2, 20, 1), (2, 5, 1), (21, 18, 1), (1, 18, 1), (5, 20, 1),
)  # fmt: skip
_BREAK = 21


def few_reviews() -> list[SimCard]:
    """Notes reviewed once or twice, as the sample vault's: the same states over again, a week apart."""
    kinds = [(interval, since) for interval, since, count in _FEW_REVIEWS for _ in range(count)]
    pile = []
    for number in range(PILE):
        interval, since = kinds[number % len(kinds)]
        last = -since - _BREAK - number // len(kinds) % 7
        pile.append(SimCard(float(interval), MEMORY.first(3)[1], last, last + interval))
    return pile


def many_reviews() -> list[SimCard]:
    """A collection of 1,200 cards studied for 100 days, left alone for three weeks: of what is due then, 443."""
    interval = by_retention(MEMORY, 0.9)
    before = Simulation(MEMORY, LEARNER, lambda card, _day: card.due, Days(new=12), interval)
    cards = before.run([SimCard() for _ in range(1200)], 100, 7).cards
    away = 100 + _BREAK
    due = [SimCard(c.stability, c.difficulty, c.last - away, c.due - away) for c in cards if c.due <= away]
    return random.Random(11).sample(due, PILE)


@dataclass(frozen=True)
class Row:
    """Means over the seeds. `known` on the days of `AFTER`, `through` all of them; `clear`: the day no card waited."""

    name: str
    known: tuple[float, ...]
    through: float
    minutes: float
    clear: float


def table(pile: list[SimCard], minutes: float, seeds: int) -> dict[str, Row]:
    """Every order, and the fixed ladder in the order of its due dates."""
    return {name: _row(name, pile, minutes, seeds) for name in (*NAMES, "ladder")}


def _row(name: str, pile: list[SimCard], minutes: float, seeds: int) -> Row:
    interval, priority = by_retention(MEMORY, 0.9), order(name if name != "ladder" else "due", MEMORY, LEARNER)
    if name == "ladder":
        interval = by_ladder(LADDER)
        pile = [SimCard(c.stability, c.difficulty, c.last, c.due, _rung(c.due - c.last)) for c in pile]
    runs = [_simulation(priority, interval, minutes).run(pile, AFTER[-1] + 1, seed) for seed in range(seeds)]
    return Row(
        name,
        tuple(mean(run.knowledge[day] for run in runs) for day in AFTER),
        mean(mean(run.knowledge) for run in runs),
        mean(sum(run.seconds) / 60 for run in runs),
        mean(AFTER[-1] + 1 if run.clear_on() is None else run.clear_on() or 0 for run in runs),
    )


def _simulation(priority: Priority, interval: Interval, minutes: float) -> Simulation:
    return Simulation(MEMORY, LEARNER, priority, Days(seconds=minutes * 60), interval)


def _rung(interval: int) -> int:
    return max(sum(step <= interval for step in LADDER), 1)


def printed(title: str, rows: dict[str, Row]) -> str:
    """The table as text."""
    lines = [f"{title}\n{'order':<16}" + "".join(f"{f'day {day}':>9}" for day in AFTER) + "     mean  minutes  clear"]
    for row in rows.values():
        known = "".join(f"{value:9.1f}" for value in row.known)
        lines.append(f"{row.name:<16}{known}{row.through:9.1f}{row.minutes:9.0f}{row.clear:7.0f}")
    return "\n".join(lines)

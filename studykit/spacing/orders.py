"""In what order due cards are asked when the day is too short for all of them.

Why `value` is the default. On fsrs-rs's own test of orders (1,000 cards, 100 days, 10 new and 5 due cards a day,
retention 0.8; seconds spent per card known at the end, over many seeds), and on a pile that came due in a break, it is
at least as good as the best order known there; `tests/spacing/test_orders.py` holds it to that. Lowest recall first,
which manuals recommend, is the worst: it spends the day on what is gone already and lets the rest go.
"""

from collections.abc import Callable
from hashlib import blake2b

from studykit.spacing.learner import Learner
from studykit.spacing.outcomes import Outcomes
from studykit.spacing.simulation import Priority, SimCard
from studykit.spacing.state import Rating

HORIZON = 30  # days: that of a note's mastery level, and long enough for one more interval of most cards
NAMES = ("value", "due", "high-stability", "low-recall", "high-recall", "random")


def gain(card: SimCard, day: int, horizon: float, memory: Outcomes, learner: Learner) -> tuple[float, float]:
    """What asking `card` on `day` gains in recall `horizon` days later, and the seconds it is expected to take.

    Recall then if it is asked now (recalled or forgotten, each with its probability), less recall then if it is not.
    A new card is worth what is expected to be left of it.
    """
    if not card.stability:
        kept = sum(
            share * memory.recall(memory.first(rating)[0], horizon)
            for share, rating in zip(learner.first, Rating, strict=True)
        )
        return kept, learner.seconds_new
    elapsed = max(day - card.last, 1)
    now = memory.recall(card.stability, elapsed)
    recalled = memory.after(card.stability, card.difficulty, elapsed, Rating.GOOD)[0]
    forgotten = memory.after(card.stability, card.difficulty, elapsed, Rating.AGAIN)[0]
    kept = now * memory.recall(recalled, horizon) + (1.0 - now) * memory.recall(forgotten, horizon)
    return kept - memory.recall(card.stability, elapsed + horizon), learner.expected(now)


def by_value(memory: Outcomes, learner: Learner, until: int | None = None) -> Priority:
    """First what gains most recall per second, `HORIZON` days ahead, or on the day `until` where one is given."""
    recalled, forgotten = learner.seconds_recalled, learner.seconds_forgotten
    recall, after = memory.recall, memory.after

    def priority(card: SimCard, day: int) -> float:
        # `gain` of a studied card, written out: a simulation asks this of every waiting card on every day.
        horizon = HORIZON if until is None else max(until - day, 1)
        stability, difficulty, elapsed = card.stability, card.difficulty, max(day - card.last, 1)
        now = recall(stability, elapsed)
        kept = now * recall(after(stability, difficulty, elapsed, 3)[0], horizon)
        kept += (1.0 - now) * recall(after(stability, difficulty, elapsed, 1)[0], horizon)
        seconds = now * recalled + (1.0 - now) * forgotten
        return (recall(stability, elapsed + horizon) - kept) / seconds

    return priority


def order(name: str, memory: Outcomes, learner: Learner, seed: str = "") -> Priority:
    """The order of that name, one of `NAMES`; `seed` is for `random`. Raises ValueError for another name."""
    orders: dict[str, Callable[[], Priority]] = {
        "value": lambda: by_value(memory, learner),
        "due": lambda: lambda card, _day: card.due,
        "high-stability": lambda: lambda card, _day: -card.stability,
        "low-recall": lambda: lambda card, day: memory.recall(card.stability, max(day - card.last, 0)),
        "high-recall": lambda: lambda card, day: -memory.recall(card.stability, max(day - card.last, 0)),
        "random": lambda: lambda card, day: fraction(f"{seed} {day} {card.due} {card.last} {card.stability!r}"),
    }
    if name not in orders:
        raise ValueError(f"no order {name!r}; there are {', '.join(NAMES)}")
    return orders[name]()


def fraction(text: str) -> float:
    """A number in [0, 1) that belongs to `text`, the same on every machine and in every year."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).digest()
    return int.from_bytes(digest, "big") / (1 << 48)

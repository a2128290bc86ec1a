"""A learner and a pile of cards, day by day: what is reviewed, what it costs, what is known.

Chance is a seeded generator's: the same arguments give the same days. The rules of a day are those of fsrs-rs's
simulator, to which the tests hold the figures: due cards first, in the order given, until the day's limit; what is left
waits for the next day; then new cards.
"""

import random
from collections.abc import Callable, Sequence
from itertools import repeat

import msgspec

from studykit.spacing.learner import Learner
from studykit.spacing.outcomes import Outcomes

NEVER = 1 << 30


class SimCard(msgspec.Struct):
    """A card in a simulation. Days count from today, 0; `last` and `due` of studied cards may be negative.

    A new card has stability 0.0; `due` is the day from which it may be introduced. `step` is for fixed ladders.
    `decks` are places in `Days.decks` of the limits that hold for it. Of the cards with one `note` (0: none) one is
    asked a day, the others from the next day on.
    """

    stability: float = 0.0
    difficulty: float = 0.0
    last: int = 0
    due: int = 0
    step: int = 0
    lapses: int = 0
    decks: tuple[int, ...] = ()
    note: int = 0

    def copy(self) -> "SimCard":
        """The same card, to be changed by itself."""
        return SimCard(
            self.stability, self.difficulty, self.last, self.due, self.step, self.lapses, self.decks, self.note
        )


Priority = Callable[[SimCard, int], float]
"""How early a due card is asked on a day: the lowest number first."""
Interval = Callable[[SimCard, int], int]
"""Days until a card returns, at least 1, after the grade that was just given to it."""


class DeckDay(msgspec.Struct, frozen=True):
    """What one deck takes of each day besides the limits of all: due cards, and new ones; None is no limit."""

    reviews: int | None = None
    new: int | None = None


class Used(msgspec.Struct, frozen=True):
    """What the first day has had already: seconds, due cards, new ones, and both by deck as in `Days.decks`."""

    seconds: float = 0.0
    reviews: int = 0
    new: int = 0
    decks: tuple[tuple[int, int], ...] = ()


class Days(msgspec.Struct, frozen=True):
    """What each day gives. `seconds` and `reviews` end the due cards of a day, `new` its new ones; None is no limit.

    `new_wait`: new cards come only while the day's seconds last and no due card is left over.
    `share(day)`: the part of a usual day's seconds and reviews that this one has, 0 to 1.
    `decks`: the limits of decks, to which cards point. `used` is taken off the limits of the first day.
    """

    seconds: float | None = None
    reviews: int | None = None
    new: int = 0
    new_wait: bool = True
    share: Callable[[int], float] | None = None
    decks: tuple[DeckDay, ...] = ()
    used: Used = Used()

    def decks_on(self, day: int) -> tuple[DeckDay, ...]:
        """The limits of decks that are left of a day."""
        if day or not self.used.decks:
            return self.decks
        return tuple(
            DeckDay(_less(deck.reviews, reviews), _less(deck.new, new))
            for deck, (reviews, new) in zip(self.decks, self.used.decks, strict=True)
        )


def _less(limit: int | None, used: int) -> int | None:
    return None if limit is None else max(limit - used, 0)


class Course(msgspec.Struct):
    """What happened, one number a day: cards reviewed, new ones, seconds, sum of R at its end, cards left over."""

    reviews: list[int] = msgspec.field(default_factory=list)
    introduced: list[int] = msgspec.field(default_factory=list)
    seconds: list[float] = msgspec.field(default_factory=list)
    knowledge: list[float] = msgspec.field(default_factory=list)
    waiting: list[int] = msgspec.field(default_factory=list)
    cards: list[SimCard] = msgspec.field(default_factory=list)

    def clear_on(self) -> int | None:
        """The first day at whose end no due card is left over; None if there is none."""
        return next((day for day, left in enumerate(self.waiting) if not left), None)


class Simulation(msgspec.Struct):
    """One setting, run with any number of seeds. `relearning` and `learning`: passes needed on a card's first day.

    `passing` is the grade from which a repeat on the same day counts as passed.
    """

    memory: Outcomes
    learner: Learner
    priority: Priority
    days: Days
    interval: Interval
    relearning: int = 1
    learning: int = 0
    passing: int = 2
    most_steps: int = 5

    def run(
        self,
        cards: Sequence[SimCard],
        days: int,
        seed: int = 0,
        progress: Callable[[int], None] | None = None,
    ) -> Course:
        """`days` days from today on. `cards` are not changed. `progress` is told each day that is done."""
        chance = random.Random(seed)
        mine = [card.copy() for card in cards]
        course = Course(cards=mine)
        coming: dict[int, list[SimCard]] = {}
        unseen = [card for card in mine if not card.stability]
        unseen.reverse()
        for card in mine:
            if card.stability:
                coming.setdefault(max(card.due, 0), []).append(card)
        waiting: list[SimCard] = []
        for day in range(days):
            waiting += coming.pop(day, ())
            waiting = self._day(day, waiting, unseen, coming, course, chance)
            course.waiting.append(len(waiting))
            course.knowledge.append(self.knowledge(mine, day))
            if progress:
                progress(day + 1)
        return course

    def clear_on(self, cards: Sequence[SimCard], most: int, seed: int = 0) -> int | None:
        """The first of `most` days at whose end no due card is left over; None if there is none. Runs no further."""
        course, chance = Course(), random.Random(seed)
        coming: dict[int, list[SimCard]] = {}
        for card in cards:
            if card.stability:
                own = card.copy()
                coming.setdefault(max(card.due, 0), []).append(own)
        waiting: list[SimCard] = []
        for day in range(most):
            waiting += coming.pop(day, ())
            waiting = self._day(day, waiting, [], coming, course, chance)
            if not waiting:
                return day
        return None

    def knowledge(self, cards: Sequence[SimCard], day: int) -> float:
        """The sum of R over all cards on a day: how many of them would be recalled."""
        factor, decay = self.memory.factor, self.memory.decay
        return float(sum((1.0 + factor * (day - c.last) / c.stability) ** decay for c in cards if c.stability))

    def _day(
        self,
        day: int,
        waiting: list[SimCard],
        unseen: list[SimCard],
        coming: dict[int, list[SimCard]],
        course: Course,
        chance: random.Random,
    ) -> list[SimCard]:
        """One day; what is left of `waiting`."""
        share = self.days.share(day) if self.days.share else 1.0
        seconds = float("inf") if self.days.seconds is None else self.days.seconds * share
        most = NEVER if self.days.reviews is None else round(self.days.reviews * share)
        if day == 0:
            seconds, most = seconds - self.days.used.seconds, most - self.days.used.reviews
        new = self.days.new - (0 if day else self.days.used.new)
        spent, done, fresh = 0.0, 0, 0
        room, short = _Room(self.days.decks_on(day)), bool(waiting)
        if waiting and seconds > 0 and most > 0:
            if len(waiting) > 1:
                ranked = sorted(zip(map(self.priority, waiting, repeat(day)), range(len(waiting)), strict=True))
                waiting = [waiting[place] for _, place in ranked]
            ended = len(waiting)
            for place, card in enumerate(waiting):
                if done >= most or spent >= seconds:
                    ended = place
                    break
                if (card.decks or card.note) and not room.takes(card):
                    continue
                spent += self._review(card, day, chance)
                coming.setdefault(card.due, []).append(card)
                done += 1
            full, siblings = room.left()
            if siblings:
                coming.setdefault(day + 1, []).extend(siblings)
            short = ended < len(waiting)
            waiting = full + waiting[ended:]
        room.turn_to_new()
        passed_over: list[SimCard] = []
        while (
            fresh < new
            and unseen
            and share > 0
            and spent < seconds
            and not (self.days.new_wait and (short or done + fresh >= most))
        ):
            card = unseen.pop()
            if (card.decks or card.note) and not room.takes(card):
                passed_over.append(card)
                continue
            spent += self._introduce(card, day, chance)
            coming.setdefault(card.due, []).append(card)
            fresh += 1
        unseen += reversed(passed_over)
        course.reviews.append(done)
        course.introduced.append(fresh)
        course.seconds.append(spent)
        return waiting

    def _review(self, card: SimCard, day: int, chance: random.Random) -> float:
        learner, elapsed = self.learner, max(day - card.last, 1)
        if chance.random() < self.memory.recall(card.stability, elapsed):
            grade, cost = _drawn(learner.recalled, chance.random()) + 2, 0.0
            card.stability, card.difficulty = self.memory.after(card.stability, card.difficulty, elapsed, grade)
        else:
            grade = 1
            card.lapses += 1
            card.stability, card.difficulty = self.memory.after(card.stability, card.difficulty, elapsed, 1)
            cost = self._repeat(card, 1, self.relearning, 2, chance)
        self._schedule(card, day, grade)
        return cost + learner.seconds[1][grade - 1]

    def _introduce(self, card: SimCard, day: int, chance: random.Random) -> float:
        grade = _drawn(self.learner.first, chance.random()) + 1
        card.stability, card.difficulty = self.memory.first(grade)
        cost = self.learner.seconds[0][grade - 1]
        # A card forgotten at first sight is asked again even where learning has no steps.
        needed = self.learning - 1 if grade > 2 else max(self.learning, 1 if grade == 1 else 0)
        cost += self._repeat(card, grade, needed, 0, chance)
        self._schedule(card, day, grade)
        return cost

    def _repeat(self, card: SimCard, grade: int, needed: int, state: int, chance: random.Random) -> float:
        """Ask again on the same day until passed `needed` times; the seconds it took."""
        cost, passed = 0.0, 0
        for _ in range(self.most_steps):
            if passed >= needed or grade == 4:
                break
            grade = _drawn(self.learner.again, chance.random()) + 1
            card.stability, card.difficulty = self.memory.same_day(card.stability, card.difficulty, grade)
            cost += self.learner.seconds[state][grade - 1]
            passed = passed + 1 if grade >= self.passing else 0 if grade == 1 else passed
        return cost

    def _schedule(self, card: SimCard, day: int, grade: int) -> None:
        card.last = day
        card.due = day + self.interval(card, grade)


class _Room:
    """What decks and notes leave of one day: for due cards first, then for new ones."""

    __slots__ = ("_decks", "_held", "_left", "_seen")

    def __init__(self, decks: Sequence[DeckDay]) -> None:
        self._decks = decks
        self._left = [NEVER if deck.reviews is None else deck.reviews for deck in decks]
        self._seen: set[int] = set()
        self._held: tuple[list[SimCard], list[SimCard]] = [], []

    def takes(self, card: SimCard) -> bool:
        """Whether `card` has a place today, which it then takes; if not, it is kept."""
        if card.note in self._seen:
            self._held[1].append(card)
            return False
        if any(self._left[deck] <= 0 for deck in card.decks):
            self._held[0].append(card)
            return False
        for deck in card.decks:
            self._left[deck] -= 1
        if card.note:
            self._seen.add(card.note)
        return True

    def turn_to_new(self) -> None:
        """From now on the limits are those of new cards."""
        self._left = [NEVER if deck.new is None else deck.new for deck in self._decks]
        self._held = [], []

    def left(self) -> tuple[list[SimCard], list[SimCard]]:
        """Cards that had no place since the last turn: for want of room in a deck, and as siblings of one asked."""
        return self._held


def _drawn(shares: Sequence[float], fraction: float) -> int:
    left = fraction * sum(shares)
    for index, share in enumerate(shares):
        left -= share
        if left < 0:
            return index
    return len(shares) - 1


def by_retention(memory: Outcomes, retention: float, maximum: int = 36_500) -> Interval:
    """Intervals after which recall has fallen to `retention`, as `Fsrs.interval` gives them."""
    share = memory.days_until(1.0, retention)

    def interval(card: SimCard, _grade: int) -> int:
        return min(max(round(card.stability * share), 1), maximum)

    return interval


def by_ladder(steps: Sequence[int]) -> Interval:
    """The fixed ladder: Good climbs one step, Easy two, Hard stays, Again goes back to the foot."""

    def interval(card: SimCard, grade: int) -> int:
        card.step = 1 if grade == 1 else max(card.step + grade - 2, 1)
        return steps[min(card.step, len(steps)) - 1]

    return interval

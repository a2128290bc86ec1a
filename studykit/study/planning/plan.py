"""The days ahead by simulation: this learner's cards, times and parameters, and what a choice costs.

Every figure is an expectation: several runs with different chances, averaged. Knowledge is the sum of R, that is how
many cards would be recalled on a day.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from statistics import mean
from typing import Any

from studykit.errors import NotFoundError
from studykit.locale import _
from studykit.spacing.easy_days import Share
from studykit.spacing.orders import by_value, gain, order
from studykit.spacing.simulation import (
    Course,
    Days,
    DeckDay,
    Interval,
    Priority,
    SimCard,
    Simulation,
    Used,
    by_ladder,
    by_retention,
)
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import Store, open_store
from studykit.store.words import ready_index, under
from studykit.study.figures.habits import Habits, habits_of
from studykit.study.filters.filter import read_filter
from studykit.study.planning.breaks import Break, latest_break
from studykit.study.planning.outlook import MINUTES
from studykit.study.planning.worth import outcomes, sim_card
from studykit.study.sessions.limits import seconds_spent
from studykit.study.sessions.new_cards import introduced_by_deck, reviewed_by_deck
from studykit.study.sessions.queue import today_done
from studykit.study.vault import Vault

DAYS = 90
_LONGEST = 1_095  # days: beyond three years chance is all there is
_RUNS = 3
_CURVE = (0.70, 0.75, 0.80, 0.85, 0.90, 0.93, 0.95, 0.97)
_CURVE_DAYS = 180  # long enough for the workload to settle
_LAST_DAYS = 14  # averaged, since one day is no figure
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Question:
    """What a plan is asked. None: as the settings say, `days` 90 or until the deadline. `files`: only these notes."""

    minutes: int | None = None
    until: date | None = None
    retention: float | None = None
    new: int | None = None
    days: int | None = None
    filter: str = ""
    files: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day ahead: reviews, new cards, minutes, cards known at its end, and due cards that did not fit."""

    day: date
    reviews: float
    new: float
    minutes: float
    known: float
    waiting: float


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is due now: cards, the minutes they cost, and the day no card is left over (None: not within the plan)."""

    waiting: int
    minutes: float
    clears: date | None


@dataclass(frozen=True, slots=True)
class Deadline:
    """Mean recall on the day `until`, over all cards asked about, under three conditions.

    `without` any more study, after `today_only`, which is a session of `today_cards` in `today_minutes`, and with one
    `every_day`.
    """

    until: date
    cards: int
    without: float
    today_only: float
    every_day: float
    today_cards: int
    today_minutes: float


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Aiming at a recall of `retention`: minutes a day over half a year, and cards known at its end."""

    retention: float
    minutes: float
    known: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer. `new_minutes`: minutes a day, averaged over the plan, that the new cards cost.

    `seconds_due` and `seconds_new` are what a card takes, by `reviews_seen` reviews of this learner; without any, they
    are the averages of others.
    """

    today: date
    minutes: int
    retention: float
    new_per_day: int
    cards: int
    new_cards: int
    backlog: Backlog
    days: list[PlannedDay]
    new_minutes: float
    seconds_due: float
    seconds_new: float
    reviews_seen: int
    curve: list[CurvePoint] = field(default_factory=list)
    deadline: Deadline | None = None

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on; days as ISO texts."""
        return asdict(self)


@dataclass(slots=True)
class _Ground:
    """What all runs of a plan share."""

    vault: Vault
    habits: Habits
    cards: list[SimCard]
    today: date
    retention: float
    minutes: int
    new: int
    shares: Share
    used: Used
    away: Break | None
    progress: Progress | None
    steps: int
    done: int = 0

    def course(self, days: int, seed: int, **change: Any) -> Course:
        """One run; `change` may set `new`, `retention`, `until` (days ahead) and `unbounded` (no limit of a day)."""
        schedule, memory = self.vault.settings.schedule, outcomes(self.vault)
        limits = Days(
            seconds=None if change.get("unbounded") else self.minutes * 60.0,
            reviews=None if change.get("unbounded") else schedule.reviews_per_day,
            new=change.get("new", self.new),
            share=self._share,
            decks=_deck_days(self.vault, unbounded=bool(change.get("unbounded"))),
            used=self.used,
        )
        interval = _interval(self.vault, change.get("retention", self.retention))
        sim = Simulation(memory, self.habits.learner, self._order(change), limits, interval)
        run = sim.run(self.cards, days, seed)
        self.done += 1
        if self.progress:
            self.progress(self.done, self.steps)
        return run

    def _share(self, ahead: int) -> float:
        day = self.today + timedelta(days=ahead)
        return 0.0 if self.away and self.away.runs(day) else self.shares(day)

    def _order(self, change: dict[str, Any]) -> Priority:
        if change.get("unbounded"):
            return lambda card, _day: card.due  # where everything is asked, the order is no matter
        memory = outcomes(self.vault)
        if "until" in change:
            return by_value(memory, self.habits.learner, change["until"])
        return order(self.vault.settings.schedule.backlog_order, memory, self.habits.learner, self.today.isoformat())


def make_plan(vault: Vault, question: Question, progress: Progress | None = None) -> Plan:
    """Simulate the days ahead. Raises FilterError, and NotFoundError where no card is asked about."""
    today = vault.day(datetime.now())
    with closing(open_store(vault.store_file)) as store:
        rows = _rows(store, question.filter, today)
        if question.files is not None:
            rows = _of_files(rows, question.files)
        habits, away, used = habits_of(store), latest_break(store), _used(vault, store, today.isoformat())
    if not rows:
        raise NotFoundError(
            _("There is no card to plan for."), _("`studykit sync` finds cards; a filter may leave none.")
        )
    schedule = vault.settings.schedule
    fsrs = schedule.scheduler == "fsrs"
    cards = _with_limits(vault, rows, [sim_card(row, today, fsrs) for row in rows])
    span = question.days or ((question.until - today).days if question.until else DAYS)
    ground = _Ground(
        vault=vault,
        habits=habits,
        cards=cards,
        today=today,
        retention=question.retention or schedule.desired_retention,
        minutes=question.minutes or schedule.minutes_per_day or MINUTES,
        new=schedule.new_per_day if question.new is None else question.new,
        shares=vault.shares(),
        used=used,
        away=away,
        progress=progress,
        steps=2 * _RUNS + len(_CURVE) + (_RUNS if question.until else 0),
    )
    return _planned(ground, min(max(span, 1), _LONGEST), question.until)


def _used(vault: Vault, store: Store, today: str) -> Used:
    """What today has had already, as its limits count it."""
    introduced, reviewed = today_done(store, today)
    new, old = introduced_by_deck(store, today), reviewed_by_deck(store, today)
    decks = tuple(
        (sum(n for deck, n in old if under(deck, name)), sum(n for deck, n in new if under(deck, name)))
        for name in map(str.lower, vault.settings.deck)
    )
    return Used(seconds_spent(store, today), reviewed, introduced, decks)


def _planned(ground: _Ground, span: int, until: date | None) -> Plan:
    runs = [ground.course(span, seed) for seed in range(_RUNS)]
    idle = [ground.course(span, seed, new=0) for seed in range(_RUNS)]
    learner = ground.habits.learner
    return Plan(
        today=ground.today,
        minutes=ground.minutes,
        retention=ground.retention,
        new_per_day=ground.new,
        cards=len(ground.cards),
        new_cards=sum(not card.stability for card in ground.cards),
        backlog=_backlog(ground, runs),
        days=[_day(ground, runs, ahead) for ahead in range(span)],
        new_minutes=round(max(_minutes(runs) - _minutes(idle), 0.0), 1),
        seconds_due=round(learner.expected(ground.retention), 1),
        seconds_new=round(learner.seconds_new, 1),
        reviews_seen=ground.habits.reviews,
        curve=_curve(ground),
        deadline=_deadline(ground, until) if until else None,
    )


def _rows(store: Store, words: str, today: date) -> list[CardRow]:
    wanted = read_filter(words)
    if wanted.words:
        ready_index(store.connection)
    fits = wanted.condition(today)
    return select_cards(
        store, f"active = 1 AND suspended = 0 AND {fits.sql}", fits.arguments, "ORDER BY due IS NULL, rank, file, line"
    )


def _of_files(rows: list[CardRow], files: tuple[str, ...]) -> list[CardRow]:
    """The cards of `files`, new ones in their order."""
    places = {file: place for place, file in enumerate(files)}
    return sorted((row for row in rows if row.file in places), key=lambda row: places[row.file])


def _deck_days(vault: Vault, *, unbounded: bool) -> tuple[DeckDay, ...]:
    """The limits of decks, in the order of the settings; `unbounded` leaves those of new cards."""
    return tuple(
        DeckDay(None if unbounded else deck.reviews_per_day, deck.new_per_day) for deck in vault.settings.deck.values()
    )


def _with_limits(vault: Vault, rows: list[CardRow], cards: list[SimCard]) -> list[SimCard]:
    """Each card told which deck limits hold for it, and the note that it shares with siblings."""
    names = [name.lower() for name in vault.settings.deck]
    counts = Counter((row.file, row.line) for row in rows) if vault.settings.schedule.bury_siblings else {}
    notes = {place: number for number, place in enumerate((p for p, n in counts.items() if n > 1), 1)}
    for row, card in zip(rows, cards, strict=True):
        card.decks = tuple(number for number, name in enumerate(names) if under(row.deck, name))
        card.note = notes.get((row.file, row.line), 0)
    return cards


def _interval(vault: Vault, retention: float) -> Interval:
    schedule = vault.settings.schedule
    if schedule.scheduler == "ladder":
        from studykit.spacing.ladder import STEPS

        return by_ladder(STEPS["medium"])
    return by_retention(outcomes(vault), retention, schedule.maximum_interval)


def _day(ground: _Ground, runs: list[Course], ahead: int) -> PlannedDay:
    return PlannedDay(
        ground.today + timedelta(days=ahead),
        round(mean(run.reviews[ahead] for run in runs), 1),
        round(mean(run.introduced[ahead] for run in runs), 1),
        round(mean(run.seconds[ahead] for run in runs) / 60.0, 1),
        round(mean(run.knowledge[ahead] for run in runs), 1),
        round(mean(run.waiting[ahead] for run in runs), 1),
    )


def _minutes(runs: list[Course]) -> float:
    return mean(mean(run.seconds) for run in runs) / 60.0


def _backlog(ground: _Ground, runs: list[Course]) -> Backlog:
    memory, learner = outcomes(ground.vault), ground.habits.learner
    pile = [card for card in ground.cards if card.stability and card.due <= 0]
    seconds = sum(learner.expected(memory.recall(card.stability, max(-card.last, 0))) for card in pile)
    days = [run.clear_on() for run in runs]
    clears = [day for day in days if day is not None]
    when = ground.today + timedelta(days=round(mean(clears))) if len(clears) == len(days) else None
    return Backlog(len(pile), round(seconds / 60.0, 1), when)


def _curve(ground: _Ground) -> list[CurvePoint]:
    """Every retention, with all that is due done each day, whatever it takes."""
    points = []
    for retention in _CURVE:
        run = ground.course(_CURVE_DAYS, 0, retention=retention, unbounded=True)
        known = mean(run.knowledge[-_LAST_DAYS:])
        points.append(CurvePoint(retention, round(mean(run.seconds) / 60.0, 1), round(known, 1)))
    return points


def _deadline(ground: _Ground, until: date) -> Deadline:
    """What is known on the day `until`: nothing more, one session now, or one every day, each for that day."""
    ahead = (until - ground.today).days
    memory = outcomes(ground.vault)
    known = sum(memory.recall(c.stability, ahead - c.last) for c in ground.cards if c.stability)
    gained, asked, seconds = _session(ground, ahead)
    runs = [ground.course(ahead + 1, seed, until=ahead) for seed in range(_RUNS)]
    count = len(ground.cards)
    return Deadline(
        until=until,
        cards=count,
        without=round(known / count, 4),
        today_only=round((known + gained) / count, 4),
        every_day=round(mean(run.knowledge[ahead] for run in runs) / count, 4),
        today_cards=asked,
        today_minutes=round(seconds / 60.0, 1),
    )


def _session(ground: _Ground, ahead: int) -> tuple[float, int, float]:
    """Today's session for the deadline: the expected gain on that day, cards and seconds."""
    memory, learner = outcomes(ground.vault), ground.habits.learner
    fresh = [card for card in ground.cards if not card.stability][: ground.new]
    pile = [card for card in ground.cards if card.stability] + fresh
    offers = [gain(card, 0, ahead, memory, learner) for card in pile]
    offers.sort(key=lambda offer: offer[0] / offer[1], reverse=True)
    left, gained, asked = ground.minutes * 60.0, 0.0, 0
    for each, seconds in offers:
        if left <= 0 or each <= 0:
            break
        left -= seconds
        gained += each
        asked += 1
    return gained, asked, ground.minutes * 60.0 - left

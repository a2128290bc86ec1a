"""Figures of a learner's study: what was done by day, what is known, what lies ahead. Plain values, for any face."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from studykit.errors import NotFoundError
from studykit.locale import _
from studykit.spacing.scoring import wilson
from studykit.store.database import Store, open_store
from studykit.store.reviews import outcomes
from studykit.study.figures.stats_cards import CardFigures, card_figures
from studykit.study.figures.streak import Streak, pauses, streak
from studykit.study.vault import Vault

AHEAD = 90  # days of the forecast
_HOURS_OF = 90  # days back over which hours of the day are counted


class DayCount(NamedTuple):
    """One local day: reviews, minutes of thinking, how many were forgotten, and how many were scored and recalled.

    Scored: at least a day after the card's previous review, so that the answer tells of memory.
    """

    day: str
    reviews: int
    minutes: float
    again: int
    scored: int
    recalled: int


class Share(NamedTuple):
    """`part` of `whole`, as a share, and the 95 % interval in which the true one lies (Wilson)."""

    name: str
    part: int
    whole: int
    share: float | None
    low: float
    high: float


class Hour(NamedTuple):
    """One hour of the local day, 0 to 23: reviews, and of those scored the recalled ones."""

    hour: int
    reviews: int
    scored: int
    recalled: int


@dataclass(frozen=True, slots=True)
class Stats:
    """All figures. `days`: only those with a review, in order. `forecast`: cards that come due today (with all that is
    overdue) and on each of the days after it, without those that coming reviews will bring back."""

    today: date
    reviews: int
    minutes: float
    days: list[DayCount]
    streak: Streak
    retention: list[Share]
    months: list[Share]
    hours: list[Hour]
    forecast: list[int]
    cards: CardFigures
    desired_retention: float

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        for name in ("days", "retention", "months", "hours"):
            plain[name] = [each._asdict() for each in getattr(self, name)]
        plain["streak"] = self.streak._asdict()
        plain["cards"] = self.cards.as_json()
        return plain


def stats(vault: Vault, now: datetime | None = None) -> Stats:
    """The figures of `vault` as the last sync or review left it. Raises NotFoundError before the first sync."""
    today = vault.day(now or datetime.now())
    store = open_store(vault.store_file)
    try:
        days = _days(store)
        cards = card_figures(vault, store, today)
        if not cards.cards and not days:
            raise NotFoundError(_("There are no cards yet."), _("`studykit sync` reads the notes."))
        return Stats(
            today=today,
            reviews=sum(day.reviews for day in days),
            minutes=sum(day.minutes for day in days),
            days=days,
            streak=streak([date.fromisoformat(day.day) for day in days], pauses(vault, store), today),
            retention=_retention(days, today),
            months=_months(days),
            hours=_hours(store, today),
            forecast=_forecast(store, today),
            cards=cards,
            desired_retention=vault.settings.schedule.desired_retention,
        )
    finally:
        store.close()


def _days(store: Store) -> list[DayCount]:
    rows = store.connection.execute("SELECT day, reviews, ms, again, scored, recalled FROM days ORDER BY day")
    return [DayCount(day, count, ms / 60_000, *others) for day, count, ms, *others in rows]


def share(name: str, part: int, whole: int) -> Share:
    """A share with its interval; None in its place where there is nothing to share."""
    return Share(name, part, whole, part / whole if whole else None, *wilson(part, whole))


def _retention(days: list[DayCount], today: date) -> list[Share]:
    """True retention of the last 30 and 90 days and of all time."""
    found = []
    for name, back in (("30", 30), ("90", 90), ("all", 36_500)):
        first = (today - timedelta(days=back - 1)).isoformat()
        part = [day for day in days if day.day >= first]
        found.append(share(name, sum(day.recalled for day in part), sum(day.scored for day in part)))
    return found


def _months(days: list[DayCount]) -> list[Share]:
    months: dict[str, list[int]] = {}
    for day in days:
        counts = months.setdefault(day.day[:7], [0, 0])
        counts[0] += day.recalled
        counts[1] += day.scored
    return [share(month, recalled, scored) for month, (recalled, scored) in months.items()]


def _hours(store: Store, today: date) -> list[Hour]:
    """By the hour of the clock here; ten minutes are read at a time, since zones differ by halves of hours."""
    first = (today - timedelta(days=_HOURS_OF - 1)).isoformat()
    rows = Counter((at[:15], scored, rating > 1) for at, rating, scored in outcomes(store, first))
    counts = [[0, 0, 0] for _hour in range(24)]
    for (at, scored, recalled), count in rows.items():
        try:
            hour = datetime.fromisoformat(f"{at}0+00:00").astimezone().hour
        except (ValueError, OverflowError):  # a moment that another program wrote in its own way
            continue
        for place, value in enumerate((count, count * scored, count * (scored and recalled))):
            counts[hour][place] += value
    return [Hour(hour, *values) for hour, values in enumerate(counts)]


def _forecast(store: Store, today: date) -> list[int]:
    last = (today + timedelta(days=AHEAD - 1)).isoformat()
    rows = store.connection.execute(
        "SELECT due, count(*) FROM cards WHERE active = 1 AND suspended = 0 AND due IS NOT NULL AND due <= ?"
        " GROUP BY due",
        (last,),
    )
    counts = [0] * AHEAD
    for due, count in rows:
        counts[max((date.fromisoformat(due) - today).days, 0)] += count
    return counts

"""What is known: distributions over the cards, and each deck's and tag's share, from recall and not from clicks."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from studykit.locale import _
from studykit.spacing.forecast import MASTERY_HORIZON
from studykit.spacing.scheduler import Scheduler
from studykit.store.database import Store
from studykit.study.vault import Vault

MATURE = 21.0  # days of stability from which a card is mature, as Anki counts intervals
STABILITY_EDGES = (1, 3, 7, 21, 60, 180, 365)
"""Days at which the bins of stability end; a first bin lies below them, a last one above."""
_LEVELS = (0.2, 0.4, 0.6, 0.8)


class Topic(NamedTuple):
    """A deck or a tag: its cards, those never reviewed, the mature ones, and what is known of it.

    known    sum of the recall of its cards today: how many would be answered now
    mastery  mean recall 30 days from now with no further review, 0 to 1; a new card counts as 0
    level    0 to 4 by mastery (see `level_names`)
    """

    name: str
    cards: int
    new: int
    mature: int
    known: float
    mastery: float
    level: int


@dataclass(slots=True)
class CardFigures:
    """Counts of active cards, histograms, and topics by name.

    recall      cards by recall today, in tenths from 0 up; new and suspended ones are left out, here and below
    stability   cards by stability (`STABILITY_EDGES`)
    difficulty  cards by difficulty 1 to 10, rounded down; empty where the scheduler keeps no difficulty
    """

    cards: int = 0
    new: int = 0
    learning: int = 0
    young: int = 0
    mature: int = 0
    suspended: int = 0
    known: float = 0.0
    recall: list[int] = field(default_factory=lambda: [0] * 10)
    stability: list[int] = field(default_factory=lambda: [0] * (len(STABILITY_EDGES) + 1))
    difficulty: list[int] = field(default_factory=lambda: [0] * 10)
    decks: list[Topic] = field(default_factory=list)
    tags: list[Topic] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on; `stability` by the lower end of each bin."""
        names = ("cards", "new", "learning", "young", "mature", "suspended", "known", "recall", "difficulty")
        plain: dict[str, Any] = {name: getattr(self, name) for name in names}
        plain["stability"] = dict(zip(map(str, (0, *STABILITY_EDGES)), self.stability, strict=True))
        names_of = level_names()
        for name in ("decks", "tags"):
            plain[name] = [each._asdict() | {"level_name": names_of[each.level]} for each in getattr(self, name)]
        return plain


def level_names() -> tuple[str, ...]:
    """What the levels 0 to 4 are called: by a mastery of 0, 0.2, 0.4, 0.6 and 0.8."""
    return _("starting"), _("elementary"), _("intermediate"), _("advanced"), _("mastered")


def level_of(mastery: float) -> int:
    """The level of a topic with that mastery.

    >>> [level_of(value) for value in (0.0, 0.19, 0.2, 0.79, 0.8, 1.0)]
    [0, 0, 1, 3, 4, 4]
    """
    return bisect_right(_LEVELS, mastery)


class _Sums:
    __slots__ = ("cards", "known", "later", "mature", "new")

    def __init__(self) -> None:
        self.cards = self.new = self.mature = 0
        self.known = self.later = 0.0

    def topic(self, name: str) -> Topic:
        mastery = self.later / self.cards
        return Topic(
            name, self.cards, self.new, self.mature, round(self.known, 2), round(mastery, 4), level_of(mastery)
        )


def card_figures(vault: Vault, store: Store, today: date) -> CardFigures:
    """Count over all active cards, as their latest review left them."""
    found, scheduler = CardFigures(), vault.scheduler()
    if vault.settings.schedule.scheduler != "fsrs":
        found.difficulty = []
    decks: dict[str, _Sums] = {}
    tags: dict[str, _Sums] = {}
    recall_of = _recall(scheduler, today)
    rows = store.connection.execute(
        "SELECT deck, coalesce(tags, ''), stability, difficulty, last, due = last, suspended FROM cards"
        " WHERE active = 1"
    )
    for deck, listed, stability, difficulty, last, learning, suspended in rows:
        now, later = recall_of(deck, stability, last)
        places = [decks.setdefault(deck, _Sums())]
        places += [tags.setdefault(tag, _Sums()) for tag in listed.split("\n") if tag]
        for sums in places:
            sums.cards += 1
            sums.known += now
            sums.later += later
            sums.new += stability is None
            sums.mature += stability is not None and stability >= MATURE
        _count(found, stability, learning, suspended)
        if stability is not None and not suspended:
            found.known += now
            found.recall[min(int(now * 10), 9)] += 1
            found.stability[bisect_right(STABILITY_EDGES, stability)] += 1
            if found.difficulty:
                found.difficulty[min(max(int(difficulty), 1), 10) - 1] += 1
    found.decks, found.tags = _topics(decks), _topics(tags)
    found.known = round(found.known, 2)
    return found


def _recall(scheduler: Scheduler, today: date) -> Callable[[str, float | None, str | None], tuple[float, float]]:
    """Recall now and 30 days ahead; each deck's scheduler and each day is looked up once."""
    by: dict[str, Scheduler] = {}
    elapsed: dict[str, int] = {}

    def both(deck: str, stability: float | None, last: str | None) -> tuple[float, float]:
        if stability is None or last is None:
            return 0.0, 0.0
        own = by.get(deck) or by.setdefault(deck, scheduler.for_deck(deck))
        days = elapsed.get(last)
        if days is None:
            days = elapsed[last] = max((today - date.fromisoformat(last)).days, 0)
        return own.recall_after(stability, days), own.recall_after(stability, days + MASTERY_HORIZON)

    return both


def _count(found: CardFigures, stability: float | None, learning: int | None, suspended: int) -> None:
    """Each card is one of suspended, new, learning, young and mature."""
    found.cards += 1
    if suspended:
        found.suspended += 1
    elif stability is None:
        found.new += 1
    elif learning:
        found.learning += 1
    elif stability < MATURE:
        found.young += 1
    else:
        found.mature += 1


def _topics(sums: dict[str, _Sums]) -> list[Topic]:
    """The largest first."""
    return sorted((each.topic(name) for name, each in sums.items()), key=lambda topic: (-topic.cards, topic.name))

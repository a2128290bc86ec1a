"""The four grades of the card in front, each with the day it would bring the card back."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

from studykit.locale import _
from studykit.spacing.easy_days import Share
from studykit.spacing.state import day_after
from studykit.store import due
from studykit.store.cards import CardRow
from studykit.store.database import Store
from studykit.study.vault import Vault

_BESIDE_A_SIBLING = 0.01


class Choice(NamedTuple):
    """One grade: 1 again to 4 easy, days until the card returns, the same in words, and the fuzz in it."""

    rating: int
    days: int
    label: str
    fuzz: int = 0


UNSCHEDULED = tuple(Choice(rating, 0, "") for rating in (1, 2, 3, 4))
"""The grades where nothing is scheduled."""


def choices_for(vault: Vault, store: Store, card: CardRow, day: date) -> tuple[Choice, ...]:
    """What each grade would do today; grading then does exactly this."""
    from studykit.spacing.fuzz import choose  # the first question is there sooner without it

    recall = card.recall
    intervals = vault.scheduler().for_deck(card.deck).preview(recall, day, label=card.label)
    start = max(day, recall.last) if recall else day
    maximum = vault.settings.schedule.maximum_interval

    @lru_cache
    def load(on: date) -> int:
        return due.due_between(store.connection, on.isoformat(), on.isoformat()).get(on.isoformat(), 0)

    share = _share(vault, store, card)
    made = []
    for rating, interval in enumerate(intervals, 1):
        fuzz = choose(card.id, card.reps, interval, start, load, maximum, share) if interval > 0 else 0
        days = (day_after(start, interval + fuzz) - day).days
        made.append(Choice(rating, days, days_in_words(days), fuzz))
    return tuple(made)


def _share(vault: Vault, store: Store, card: CardRow) -> Share:
    """What the settings say of a day, and less of it where a card from the same place of the note returns that day."""
    share = vault.shares()
    if not vault.settings.schedule.bury_siblings:
        return share
    query = "SELECT due FROM cards WHERE file = ? AND line = ? AND id <> ? AND due IS NOT NULL AND active = 1"
    taken = {row[0] for row in store.connection.execute(query, (card.file, card.line, card.id))}
    return lambda day: share(day) * (_BESIDE_A_SIBLING if day.isoformat() in taken else 1.0)


def days_in_words(days: int) -> str:
    """A span as short as a key's label: `today`, `5 d`, `2.3 mo`, `1.4 y`."""
    if days <= 0:
        return _("today")
    if days < 31:
        return _("{n} d").format(n=days)
    if days < 365:
        return _("{n} mo").format(n=f"{days / 30.4375:.1f}")
    return _("{n} y").format(n=f"{days / 365.25:.1f}")

"""What a reminder says: a line, and a few more for where there is room."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from studykit.locale import _, ngettext
from studykit.spacing.scheduler import Scheduler
from studykit.store import due
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import Store
from studykit.study.figures.habits import habits_of, minutes_for, new_that_fit
from studykit.study.planning.days_ahead import in_words, streak_now
from studykit.study.vault import Vault

_DECKS = 4  # named one by one; the others are counted together
_SLIPPING = 2
_BETWEEN = " · "


class Message(NamedTuple):
    """A reminder. `title` is the program's name and the count, `line` one line of everything, `body` several lines."""

    title: str
    line: str
    body: str
    due: int
    minutes: int

    def as_plain(self) -> dict[str, Any]:
        """For JSON."""
        return dict(self._asdict())


def compose(vault: Vault, store: Store, now: datetime) -> Message:
    """What would be said at `now`; with nothing due, a line that says so."""
    day = vault.day(now)
    today = day.isoformat()
    decks = due.due_by_deck(store.connection, today)
    waiting = sum(decks.values())
    room = vault.settings.schedule.new_per_day - due.introduced_on(store.connection, today)
    new = sum(due.new_by_deck(store.connection, today, room).values())
    habits, minutes = habits_of(store), vault.settings.schedule.minutes_per_day
    new = new_that_fit(habits, waiting, new, minutes)
    took = minutes_for(habits, waiting, new)
    first = in_words(waiting, new, took, minutes) or _("Nothing is due.")
    if not waiting:
        return Message("studykit", first, first, 0, took)
    lines = [first, by_deck(decks)]
    if names := slipping(vault.scheduler(), store, day):
        lines.append(_("Skipped, these slip most: {titles}").format(titles=_BETWEEN.join(names)))
    if vault.settings.remind.streak and (days := streak_now(vault, store, day).current) > 1:
        lines.append(ngettext("{n} day in a row is at stake.", "{n} days in a row are at stake.", days).format(n=days))
    title = ngettext("studykit: {n} card due", "studykit: {n} cards due", waiting).format(n=waiting)
    return Message(title, f"{first} ({lines[1]})", "\n".join(lines), waiting, took)


def by_deck(decks: dict[str, int]) -> str:
    """The fullest decks with their counts, the rest together.

    >>> by_deck({"cuda": 4, "": 1})
    'cuda 4 · . 1'
    """
    ranked = sorted(decks.items(), key=lambda pair: (-pair[1], pair[0]))
    named = [f"{deck or '.'} {count}" for deck, count in ranked[:_DECKS]]
    rest = sum(count for _deck, count in ranked[_DECKS:])
    if rest:
        named.append(_("others {n}").format(n=rest))
    return _BETWEEN.join(named)


def slipping(scheduler: Scheduler, store: Store, day: date) -> list[str]:
    """Titles of the notes whose due cards lose most recall within the week that begins today."""
    where = "active = 1 AND suspended = 0 AND due <= ? AND (buried IS NULL OR buried <= ?)"
    cards = select_cards(store, where, (day.isoformat(), day.isoformat()))
    ranked = sorted(((_loss(scheduler, card, day), card.title) for card in cards), key=lambda pair: (-pair[0], pair[1]))
    return list(dict.fromkeys(title for _loss_, title in ranked))[:_SLIPPING]


def _loss(scheduler: Scheduler, card: CardRow, day: date) -> float:
    recall = card.recall
    if recall is None:
        return 0.0
    return scheduler.retrievability(recall, day) - scheduler.retrievability(recall, day + timedelta(days=7))

"""What a pile of due cards means: when it is gone at so many minutes a day. Said before a session, as a comfort."""

from datetime import date, timedelta

import msgspec

from studykit.spacing.simulation import Days, SimCard, Simulation, by_retention
from studykit.store import due
from studykit.store.cards import select_cards
from studykit.store.database import Store
from studykit.study.figures.habits import Habits
from studykit.study.planning.worth import outcomes, sim_card
from studykit.study.sessions.limits import seconds_spent
from studykit.study.vault import Vault

MINUTES = 15  # a day, where the person has set no limit
_FURTHEST = 180  # days
_MORE = (1.5, 2.0, 4.0)
_MANY = 5_000  # due cards from which a sentence is not worth the time it takes


class Outlook(msgspec.Struct, frozen=True):
    """`waiting` cards are due, more than today's `minutes` hold; at so many a day they are cleared by `clears`.

    Where that never happens within half a year, `minutes` are as many as it takes, or `clears` is None.
    """

    waiting: int
    minutes: int
    clears: date | None


def outlook(vault: Vault, store: Store, habits: Habits, day: date, minutes: int | None = None) -> Outlook | None:
    """None where today's minutes (the setting's, or those named) are enough for all that is due."""
    today = day.isoformat()
    waiting = sum(due.due_by_deck(store.connection, today).values())
    minutes = minutes or vault.settings.schedule.minutes_per_day or MINUTES
    shortest = min(habits.learner.seconds_recalled, habits.learner.seconds_forgotten)
    left = minutes * 60.0 - seconds_spent(store, today)
    if not waiting or waiting > _MANY or waiting * shortest < left:
        return None
    cards = _studied(vault, store, day)
    memory = outcomes(vault)
    pile = sum(habits.learner.expected(memory.recall(c.stability, max(-c.last, 0))) for c in cards if c.due <= 0)
    if pile <= left:
        return None
    for factor in (1.0, *_MORE):
        clears = _clears(vault, habits, cards, day, minutes * factor)
        if clears is not None:
            return Outlook(waiting, round(minutes * factor), clears)
    return Outlook(waiting, minutes, None)


def _studied(vault: Vault, store: Store, day: date) -> list[SimCard]:
    """Every card in study that is not new."""
    fsrs = vault.settings.schedule.scheduler == "fsrs"
    rows = select_cards(
        store,
        "active = 1 AND suspended = 0 AND (buried IS NULL OR buried <= ?) AND due IS NOT NULL",
        (day.isoformat(),),
    )
    return [sim_card(row, day, fsrs) for row in rows]


def _clears(vault: Vault, habits: Habits, cards: list[SimCard], day: date, minutes: float) -> date | None:
    schedule, memory = vault.settings.schedule, outcomes(vault)
    share = vault.shares()
    days = Days(seconds=minutes * 60.0, share=lambda ahead: share(day + timedelta(days=ahead)))
    interval = by_retention(memory, schedule.desired_retention, schedule.maximum_interval)
    # When a pile is gone depends little on its order, so the cheapest to work out is taken.
    sim = Simulation(memory, habits.learner, lambda card, _day: card.due, days, interval)
    cleared = sim.clear_on(cards, _FURTHEST)
    return None if cleared is None else day + timedelta(days=cleared)

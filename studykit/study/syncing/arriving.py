"""Notes that arrive with reviews of their own: what they say of them becomes the start of their cards.

The frontmatter speaks for a note's main cards, and what other programs wrote beside a card for that card alone.
Either is taken over once: a card that has a history of its own keeps it, whatever its note says later.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from studykit.cards.card import Card, Schedule
from studykit.store import events, history
from studykit.store.cards import RANKS
from studykit.store.database import Store
from studykit.study.syncing.matching import Matched
from studykit.study.vault import Vault
from studykit.vault.frontmatter import Frontmatter

LONGEST = 36_500  # days between two reviews that an event may name


def earlier_reviews(
    store: Store, vault: Vault, arrivals: Mapping[str, Frontmatter], matched: Matched, now: datetime
) -> list[events.Event]:
    """The `import` events of cards without a history: of those with a schedule, and of arriving notes' main cards."""
    heirs = set(matched.successors.values())
    scheduled = [card for card in matched.cards if card.schedule and card.id not in heirs]
    made = [_take_over(vault, now, card, card.schedule) for card in scheduled
            if card.schedule and not history.has_events(store, card.id)]  # fmt: skip
    by_file: dict[str, list[Card]] = {}
    for card in matched.cards:
        if card.file in arrivals and arrivals[card.file].review_count > 0 and not card.schedule:
            by_file.setdefault(card.file, []).append(card)
    for file, own in sorted(by_file.items()):
        front = arrivals[file]
        if any(history.has_events(store, card.id) for card in own):
            continue
        last = front.last_reviewed or _guessed_last(front, vault.day(now))
        made += [_import(vault, now, card, front, last) for card in _main_cards(own)]
    return made


def _take_over(vault: Vault, now: datetime, card: Card, schedule: Schedule) -> events.Event:
    """A schedule as an event; one whose last review lies ahead starts today and falls due on the same day."""
    ahead = max(0, (schedule.last - vault.day(now)).days)
    return events.Import(
        **vault.stamp(now),
        card=card.id,
        last=(schedule.last - timedelta(ahead)).isoformat(),
        interval=min(schedule.interval + ahead, LONGEST),
        reps=schedule.reps,
        label=schedule.label,
        file=card.file,
        front=events.front_of(card.prompt),
    )


def _main_cards(cards: list[Card]) -> list[Card]:
    """The cards that the person's own reviews of the note were about: its title's, or else all."""
    return [card for card in cards if RANKS.get(card.rule) == 0] or cards


def _import(vault: Vault, now: datetime, card: Card, front: Frontmatter, last: date) -> events.Event:
    return events.Import(
        **vault.stamp(now),
        card=card.id,
        last=last.isoformat(),
        interval=_interval(front, last),
        reps=front.review_count,
        label=front.label,
        file=card.file,
        front=events.front_of(card.prompt),
    )


def _guessed_last(front: Frontmatter, today: date) -> date:
    """When a note was last reviewed that counts its reviews and does not date them: a step of the fixed ladder before
    the day it names as its next, or before today, so that it is asked soon. Never ahead, never before it was made."""
    due = min(front.next_review or today, today + timedelta(days=_step(front)))
    last = due - timedelta(days=_step(front))
    return min(max(last, front.created or last), today)


def _interval(front: Frontmatter, last: date) -> int:
    """Days from the last review to the next; where the note does not say, the step of the fixed ladder."""
    if front.next_review is not None and front.next_review > last:
        return (front.next_review - last).days
    return _step(front)


def _step(front: Frontmatter) -> int:
    from studykit.spacing.ladder import STEPS  # late: it loads a scheduler, and few notes arrive with reviews

    steps = STEPS[front.label]
    return steps[min(front.review_count, len(steps)) - 1]

"""Notes that arrive with reviews of their own: what their frontmatter says becomes the start of their cards."""

from collections.abc import Mapping
from datetime import date, datetime

from studykit.cards.card import Card
from studykit.spacing.ladder import STEPS
from studykit.store import events, history
from studykit.store.cards import RANKS
from studykit.store.database import Store
from studykit.study.vault import Vault
from studykit.vault.frontmatter import Frontmatter


def earlier_reviews(
    store: Store, vault: Vault, arrivals: Mapping[str, Frontmatter], cards: list[Card], now: datetime
) -> list[events.Event]:
    """One `import` event a main card of each arriving note that counts reviews, unless its cards have a history."""
    by_file: dict[str, list[Card]] = {}
    for card in cards:
        if card.file in arrivals and arrivals[card.file].review_count > 0:
            by_file.setdefault(card.file, []).append(card)
    made: list[events.Event] = []
    for file, own in sorted(by_file.items()):
        front = arrivals[file]
        if front.last_reviewed is None or any(history.has_events(store, card.id) for card in own):
            continue
        made += [_import(vault, now, card, front, front.last_reviewed) for card in _main_cards(own)]
    return made


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
    )


def _interval(front: Frontmatter, last: date) -> int:
    """Days from the last review to the next; where the note does not say, the step of the fixed ladder."""
    if front.next_review is not None and front.next_review > last:
        return (front.next_review - last).days
    steps = STEPS[front.label]
    return steps[min(front.review_count, len(steps)) - 1]

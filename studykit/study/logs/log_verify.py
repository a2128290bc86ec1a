"""The log examined: what it holds, what is odd in it, and whether the store says what follows from it."""

import os
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from studykit.locale import _, ngettext
from studykit.store import history
from studykit.store.blocks import all_reviews
from studykit.store.cards import select_cards
from studykit.store.database import Store, open_store
from studykit.store.events import Event, Undo
from studykit.store.fold import fold
from studykit.store.lineage import undone
from studykit.store.log import Log
from studykit.store.log_read import Read
from studykit.store.past import CardHistory
from studykit.study.vault import Vault


@dataclass(slots=True)
class Verdict:
    """What a log holds, by figures, and what is to be said of it.

    `wrong` is what makes a review count otherwise than it was made, or not at all; `notes` are oddities that harm
    nothing. `twice` counts events that came more than once and are the same.
    """

    files: int = 0
    bytes: int = 0
    events: int = 0
    twice: int = 0
    undone: int = 0
    first: str | None = None
    last: str | None = None
    types: dict[str, int] = field(default_factory=dict)
    devices: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify_log(vault: Vault) -> Verdict:
    """Read every file of the log, fold it, and compare with the store. Nothing is written. Raises StoreError."""
    read = Log(vault.log_folder, vault.device).read_all()
    once = {event.id: event for event in read.events}
    days = [event.day for event in once.values()]
    verdict = Verdict(
        files=len(read.offsets),
        bytes=sum(mark.size for mark in read.offsets.values()),
        events=len(once),
        first=min(days, default=None),
        last=max(days, default=None),
        types=dict(Counter(str(event.__struct_config__.tag) for event in once.values())),
        devices=dict(Counter(event.device for event in once.values())),
    )
    _look_at_events(vault, read, once, verdict)
    verdict.wrong += map(str, read.lost)
    verdict.notes += [str(oddity) for oddity in read.oddities if oddity not in read.lost]
    if os.path.exists(vault.store_file):
        with closing(open_store(vault.store_file)) as store:
            _compare(vault, store, once, verdict)
    return verdict


def _look_at_events(vault: Vault, read: Read, once: dict[str, Event], verdict: Verdict) -> None:
    verdict.undone = len(undone(event for event in once.values() if isinstance(event, Undo)) & once.keys())
    differing = {event.id for event in read.events if event != once[event.id]}
    verdict.twice = len(read.events) - len(once)
    verdict.wrong += [
        _("event {id} stands in the log twice and says different things; which one counts is the same everywhere")
        .format(id=name) for name in sorted(differing)
    ]  # fmt: skip
    dangling = sum(isinstance(event, Undo) and event.event not in once for event in once.values())
    if dangling:
        told = ngettext(
            "{n} undo names an event that is not here; it may still be on another device",
            "{n} undos name events that are not here; they may still be on another device",
            dangling,
        )
        verdict.notes.append(told.format(n=dangling))
    today = vault.day(datetime.now()).isoformat()
    ahead = Counter(event.device for event in once.values() if event.day > today)
    verdict.notes += [
        ngettext(
            "{n} event of {device} is dated after today: a clock is or was wrong",
            "{n} events of {device} are dated after today: a clock is or was wrong",
            count,
        ).format(n=count, device=device)
        for device, count in sorted(ahead.items())
    ]


def _compare(vault: Vault, store: Store, once: dict[str, Event], verdict: Verdict) -> None:
    """Does the store hold these events, and the schedule that follows from them?"""
    known = {row[0] for row in store.connection.execute("SELECT id FROM events")}
    known.update(review.id for review in all_reviews(store))
    waiting, surplus = len(once.keys() - known), len(known - once.keys())
    if surplus:
        verdict.wrong.append(
            _("the store counts {n} events that the log does not have; `studykit store --rebuild`").format(n=surplus)
        )
    if waiting:
        verdict.notes.append(_("{n} events wait for the next sync").format(n=waiting))
    if surplus or waiting:
        return
    folded = fold(once.values(), vault.scheduler(), history.labels(store))
    new = CardHistory()
    differing = [
        card.id for card in select_cards(store)
        if (card.recall, card.suspended, card.flagged)
        != ((own := folded.cards.get(card.id, new)).recall, int(own.suspended), int(own.flagged))
    ]  # fmt: skip
    if differing:
        verdict.wrong.append(
            _("the store's schedule of {n} cards is not what follows from the log; `studykit store --rebuild`").format(
                n=len(differing)
            )
        )

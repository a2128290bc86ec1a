"""The part of a sync that has something to do: changed notes read, their cards matched, stored, and logged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from studykit.store import history
from studykit.store.database import Store
from studykit.store.log import Log
from studykit.study.arriving import earlier_reviews
from studykit.study.matching import Matched, match_cards
from studykit.study.reading import Changes, read_changes
from studykit.study.report import SyncReport
from studykit.study.vault import Vault
from studykit.vault.scan import Scan, Seen


@dataclass(slots=True)
class Renewed:
    """Ids of cards: those whose schedules may differ now, and those that no note makes any more."""

    touched: set[str] = field(default_factory=set)
    departed: set[str] = field(default_factory=set)


def renew(
    vault: Vault,
    store: Store,
    found: Scan,
    known: Mapping[str, Seen],
    again: bool,
    report: SyncReport,
    progress: Callable[[int, int, str], None] | None,
    log: Log | None,
) -> Renewed:
    """Take in what differs between `found` and `known` (`again`: everything), counted in `report`.

    Inside `write()`, with the log's events absorbed. Without a `log` (a dry run) new events are not kept.
    """
    renewed = Renewed()
    for changes in read_changes(vault, store, found, known, again, progress):
        matched = match_cards(store, changes)
        _count(report, changes, matched)
        renewed.touched |= _absorb(vault, store, changes, matched, log)
        renewed.departed |= matched.departed()
    return renewed


def _absorb(vault: Vault, store: Store, changes: Changes, matched: Matched, log: Log | None) -> set[str]:
    """Cards into the store, their events into it and the log (None: a dry run); the cards to be folded anew."""
    now = datetime.now()
    made = matched.alias_events(store, vault, now)
    made += earlier_reviews(store, vault, changes.arrivals, matched, now)
    if made and log is not None:
        log.append(made)
    touched = history.absorb(store, made) | matched.to_fold(store)
    matched.write(store)
    return touched


def _count(report: SyncReport, changes: Changes, matched: Matched) -> None:
    counted = report.notes
    counted.new += len(changes.new)
    counted.changed += len(changes.changed)
    counted.moved += len(changes.moved)
    counted.gone += len(changes.gone)
    report.cards.new += len(matched.new)
    report.cards.moved += len(matched.moved)
    report.cards.edited += len(matched.edited)
    report.successors |= matched.successors
    report.problems += changes.unread

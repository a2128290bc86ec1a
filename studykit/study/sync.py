"""Sync: scan, parse, extract, match, store – and only for what changed.

One transaction holds the whole of it. Events (an edited card's alias, an arriving note's earlier reviews) go to
the log before that transaction ends, because the log is the truth and the store can be made again from it.
"""

import os
from collections.abc import Callable
from contextlib import closing
from datetime import datetime

import msgspec

from studykit import __version__
from studykit.cards.normal_form import NORMAL_FORM
from studykit.errors import VaultError
from studykit.locale import _
from studykit.places import settings_mark
from studykit.store import history, notes
from studykit.store.database import MEMORY, Store, discard_store, only_writer, open_store
from studykit.store.log import Log
from studykit.store.words import renew_index
from studykit.study.arriving import earlier_reviews
from studykit.study.matching import Matched, match_cards
from studykit.study.reading import Changes, read_changes, rule_options
from studykit.study.report import SyncReport
from studykit.study.vault import Vault
from studykit.study.write_back import write_back
from studykit.vault.scan import Scan, scan

Progress = Callable[[int, int, str], None]


class _DryRunOver(Exception):  # noqa: N818 - it is no error
    """Leaves the transaction without a trace."""


def sync(vault: Vault, *, dry_run: bool = False, rebuild: bool = False, progress: Progress | None = None) -> SyncReport:
    """Bring the store of `vault` up to date with its notes and log; the report says what was found.

    With `dry_run` nothing is written anywhere. With `rebuild` the store is first made anew. Raises VaultError when
    the folder is empty where notes used to be, BusyError when another studykit is at work, StoreError, LogError.
    """
    afresh = rebuild or not os.path.exists(vault.store_file)
    if dry_run and afresh:
        with closing(open_store(MEMORY)) as store:
            return synchronise(vault, store, dry_run=True, progress=progress)
    with only_writer(vault.store_file):
        if rebuild:
            discard_store(vault.store_file)
        with closing(open_store(vault.store_file)) as store:
            return synchronise(vault, store, dry_run=dry_run, progress=progress)


def synchronise(vault: Vault, store: Store, *, dry_run: bool = False, progress: Progress | None = None) -> SyncReport:
    """The same on an open store whose lock the caller holds (a session does)."""
    report = SyncReport()
    found = scan_vault(vault, store)
    try:
        with store.write():
            renew_index(store.connection)
            changes = read_changes(vault, store, found, _reread_all(vault, store), progress)
            matched = match_cards(store, changes)
            _count(report, changes, matched)
            _absorb(vault, store, changes, matched, dry_run)
            _finish_report(report, store, found, changes)
            _remember_settings(vault, store)
            if dry_run:
                raise _DryRunOver
    except _DryRunOver:
        return report
    if vault.settings.notes.write_back != "never":
        renewed, problems = write_back(vault, store)
        report.written_back = renewed
        report.problems += problems
    return report


def scan_vault(vault: Vault, store: Store) -> Scan:
    """The files that stand in the vault. Raises VaultError if all of many are gone at once."""
    known = notes.known_files(store)
    found = scan(vault.root, vault.settings.notes.include, vault.settings.notes.exclude, known)
    if known and not found.files and not any(os.path.exists(os.path.join(vault.root, path)) for path in known):
        raise VaultError(
            _("{folder} holds no notes, but {n} stood there at the last sync.").format(folder=vault.root, n=len(known)),
            _("If they are on another disk, mount it. If they are gone for good: `studykit sync --rebuild`."),
        )
    return found


def _settings_digest(vault: Vault) -> str:
    """What the cards of an unchanged note depend on."""
    shown = msgspec.json.encode(rule_options(vault))
    return f"{__version__} {NORMAL_FORM} {shown.decode()}"


def _reread_all(vault: Vault, store: Store) -> bool:
    return store.meta("extraction") != _settings_digest(vault)


def _remember_settings(vault: Vault, store: Store) -> None:
    """What `studykit due` needs without reading settings, and what decides whether notes must be read again."""
    schedule = vault.settings.schedule
    wanted = {
        "extraction": _settings_digest(vault),
        "rollover_hour": str(schedule.rollover_hour),
        "new_per_day": str(schedule.new_per_day),
        "settings": settings_mark(vault.root),
        # What only the full command reckons with: decks' limits, another order, days that are not like others.
        "uneven_days": "1" if vault.settings.deck or schedule.new_order != "note" or _uneven(vault) else "",
        "scheduling": msgspec.json.encode(schedule).decode(),
    }
    for key, value in wanted.items():
        if store.meta(key) != value:
            store.set_meta(key, value)


def _uneven(vault: Vault) -> bool:
    return bool(vault.settings.schedule.easy_days or vault.settings.schedule.vacations)


def _absorb(vault: Vault, store: Store, changes: Changes, matched: Matched, dry_run: bool) -> None:
    """Cards into the store, events into the log, and the schedule of every card these touch."""
    log = Log(vault.log_folder, vault.device)
    now = datetime.now()
    read = history.new_events(store, log)
    touched = history.absorb(store, read.events)
    made = matched.alias_events(store, vault, now)
    made += earlier_reviews(store, vault, changes.arrivals, matched, now)
    if made and not dry_run:
        log.append(made)
    touched |= history.absorb(store, made)
    matched.write(store)
    scheduling = msgspec.json.encode(vault.settings.schedule).decode()
    everything = read.whole or store.meta("scheduling") != scheduling
    history.refold(store, vault.scheduler(), touched | matched.to_fold(), everything=everything)
    matched.clear_away(store)


def _count(report: SyncReport, changes: Changes, matched: Matched) -> None:
    counted = report.notes
    counted.new, counted.changed = len(changes.new), len(changes.changed)
    counted.moved, counted.gone = len(changes.moved), len(changes.gone)
    report.cards.new, report.cards.moved = len(matched.new), len(matched.moved)
    report.cards.edited = len(matched.edited)
    report.successors = dict(matched.successors)


def _finish_report(report: SyncReport, store: Store, found: Scan, changes: Changes) -> None:
    report.notes.seen = len(found.files)
    report.problems = [*found.problems, *changes.unread, *notes.all_problems(store)]
    count = store.connection.execute
    report.notes.skipped = count("SELECT count(*) FROM notes WHERE material = 0").fetchone()[0]
    report.cards.by_rule = dict(count("SELECT rule, count(*) FROM cards WHERE active = 1 GROUP BY rule").fetchall())
    report.cards.orphaned = count("SELECT count(*) FROM cards WHERE active = 0").fetchone()[0]
    cards = report.cards
    cards.kept = sum(cards.by_rule.values()) - cards.new - cards.moved - cards.edited

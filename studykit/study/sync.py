"""Sync: scan, parse, extract, match, store – and only for what changed.

One transaction holds the whole of it. Events (an edited card's alias, an arriving note's earlier reviews) go to
the log before that transaction ends, because the log is the truth and the store can be made again from it.
"""

import os
from contextlib import AbstractContextManager, closing, suppress
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from studykit import __version__
from studykit.cards.formats.plugins import Plugins, read_plugins
from studykit.cards.normal_form import NORMAL_FORM
from studykit.places import settings_mark
from studykit.store import history, notes
from studykit.store.counts import cards_by_rule, keep_cards_by_rule
from studykit.store.database import MEMORY, Store, made_anew, only_writer, open_store
from studykit.store.log import Log
from studykit.store.words import renew_index
from studykit.study.planning.days_ahead import renew
from studykit.study.syncing.looking import look, look_at_all
from studykit.study.syncing.prose_rest import prose_rests
from studykit.study.syncing.report import SyncReport
from studykit.study.syncing.write_back import is_written_back, write_back_rest
from studykit.study.vault import Vault
from studykit.vault.scan import Scan

if TYPE_CHECKING:
    from studykit.progress import Progress


_REPLAYED = (
    "rollover_hour", "desired_retention", "maximum_interval", "scheduler", "parameters", "parameters_version",
    "presets", "ladder",
)  # fmt: skip


class _DryRunOver(Exception):  # noqa: N818 - it is no error
    """Leaves the transaction without a trace."""


def sync(
    vault: Vault, *, dry_run: bool = False, rebuild: bool = False, progress: "Progress | None" = None
) -> SyncReport:
    """Bring the store of `vault` up to date with its notes and log; the report says what was found.

    With `dry_run` nothing is written anywhere. With `rebuild` the store is made anew; the old one stays until then.
    Raises VaultError when the folder is empty where notes used to be, BusyError when another studykit is at work,
    StoreError, LogError.
    """
    afresh = rebuild or not os.path.exists(vault.store_file)
    if dry_run and afresh:
        with closing(open_store(MEMORY)) as store:
            return synchronise(vault, store, dry_run=True, progress=progress)
    opened = made_anew if afresh else _opened
    with only_writer(vault.store_file), opened(vault.store_file) as store:
        return synchronise(vault, store, dry_run=dry_run, progress=progress)


def _opened(file: str) -> AbstractContextManager[Store]:
    return closing(open_store(file))


def synchronise(vault: Vault, store: Store, *, dry_run: bool = False, progress: "Progress | None" = None) -> SyncReport:
    """The same on an open store whose lock the caller holds (a session does)."""
    report = SyncReport()
    plugins = read_plugins(vault.root)
    extraction = _settings_digest(vault, plugins)
    again = store.meta("extraction") != extraction
    looked = look_at_all(vault, store) if again else look(vault, store)
    log = Log(vault.log_folder, vault.device)
    # The notes whose review fields may differ from now on; None: any note's.
    stale: set[str] | None = set() if is_written_back(store) else None
    try:
        with store.write() as connection:
            before = connection.total_changes
            renew_index(store.connection)
            replayed = store.meta("scheduling") != _scheduling(vault)
            news = history.new_events(store, log, afresh=replayed, progress=progress)
            if news.whole and not looked.whole:
                looked = look_at_all(vault, store)  # every card is folded, with what its note says now
            if again or news.whole or looked.differs():
                # Late, for it loads all that reads notes: a sync with nothing new is over before that would be.
                from studykit.study.syncing.renewal import Renewal

                renewal = Renewal(vault, store, plugins, news, report, None if dry_run else log)
                looked = renewal.renew(looked, again, progress)
                stale = None if stale is None or again or news.whole else renewal.stale()
            elif news.events:
                touched = history.absorb(store, news.events)
                history.refold(store, vault.scheduler(), touched)
                stale = None if stale is None else history.files_of(store, touched)
            report.prose_rests = prose_rests(vault, store)
            if looked.found.folders:
                looked.remember(store, {problem.file for problem in report.problems})
            _finish_report(report, store, looked.found, untouched=connection.total_changes == before)
            _remember_settings(vault, store, extraction)
            if dry_run:
                raise _DryRunOver
    except _DryRunOver:
        return report
    if vault.settings.notes.write_back != "never":
        renewed, problems = write_back_rest(vault, store, stale)
        report.written_back = renewed
        report.problems += problems
    keep_cards_by_rule(store, report.cards.by_rule)
    with suppress(OSError):  # a disk that refuses this has not spoilt the sync
        renew(vault, store, datetime.now())
    return report


def _settings_digest(vault: Vault, plugins: Plugins) -> str:
    """What the cards of an unchanged note depend on."""
    chosen = vault.settings
    shown = msgspec.json.encode((chosen.rules, chosen.notes.answer_headings, plugins.without_schedules()))
    return f"{__version__} {NORMAL_FORM} {shown.decode()}"


def _remember_settings(vault: Vault, store: Store, extraction: str) -> None:
    """What `studykit due` needs without reading settings, and what decides whether notes must be read again."""
    schedule = vault.settings.schedule
    wanted = {
        "extraction": extraction,
        "rollover_hour": str(schedule.rollover_hour),
        "new_per_day": str(schedule.new_per_day),
        "settings": settings_mark(vault.root),
        "language": vault.settings.language,
        # What only the full command reckons with: decks' limits, another order, days that are not like others.
        "uneven_days": "1" if _uneven(vault) else "",
        "scheduling": _scheduling(vault),
    }
    for key, value in wanted.items():
        if store.meta(key) != value:
            store.set_meta(key, value)


def _uneven(vault: Vault) -> bool:
    schedule = vault.settings.schedule
    return bool(vault.settings.deck or schedule.easy_days or schedule.vacations) or schedule.new_order != "note"


def _scheduling(vault: Vault) -> str:
    """The settings that a card's schedule follows from: when one changes, every review is replayed."""
    schedule = vault.settings.schedule
    return msgspec.json.encode({name: getattr(schedule, name) for name in _REPLAYED}).decode()


def _finish_report(report: SyncReport, store: Store, found: Scan, *, untouched: bool) -> None:
    report.notes.seen = found.unchanged + len(found.files)
    report.problems = [*found.problems, *report.problems, *notes.all_problems(store)]
    count = store.connection.execute
    report.notes.skipped = count("SELECT count(*) FROM notes WHERE material = 0").fetchone()[0]
    report.cards.by_rule = cards_by_rule(store, untouched=untouched)
    report.cards.orphaned = count("SELECT count(*) FROM cards WHERE active = 0").fetchone()[0]
    cards = report.cards
    cards.kept = sum(cards.by_rule.values()) - cards.new - cards.moved - cards.edited

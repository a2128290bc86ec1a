"""The part of a sync that has something to do: changed notes read, their cards matched, stored, and logged."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from studykit.cards.formats.plugins import Plugins
from studykit.progress import Progress
from studykit.store import history, notes
from studykit.store.cards import orphan_cards
from studykit.store.database import Store
from studykit.store.log import Log
from studykit.store.past import CardHistory
from studykit.store.rebuild import replace_events
from studykit.store.standing import Standing
from studykit.study.syncing.arriving import earlier_reviews
from studykit.study.syncing.looking import Look, look_at_all
from studykit.study.syncing.matching import Matched, match_cards
from studykit.study.syncing.prose import settle_prose
from studykit.study.syncing.prose_rest import prose_rests
from studykit.study.syncing.reading import Changes, Manner, read_changes, rule_options
from studykit.study.syncing.report import SyncReport
from studykit.study.vault import Vault


class Renewal(msgspec.Struct):
    """One sync's work, inside `write()`. Without a `log` (a dry run) new events are not kept and no note is written.

    `news` is what the log holds beyond the store. Where that is the whole log, every card is folded at once, with the
    labels and decks that their notes have now; else only the cards are that something happened to.
    """

    vault: Vault
    store: Store
    plugins: Plugins
    news: history.News
    report: SyncReport
    log: Log | None
    touched: set[str] = msgspec.field(default_factory=set)  # cards whose schedules may differ now
    departed: set[str] = msgspec.field(default_factory=set)  # cards that no note makes any more
    files: set[str] = msgspec.field(default_factory=set)  # notes that were read
    histories: dict[str, CardHistory] | None = None

    def renew(self, looked: Look, again: bool, progress: Progress | None) -> Look:
        """Take in what differs (`again`: everything), counted in the report; what was looked at in the end."""
        if not self.news.whole:
            self.touched |= history.absorb(self.store, self.news.events)
        digests = self._digests(looked)
        if not self._take_in(looked, digests, again, progress):
            if not looked.whole:
                looked, digests = self._widened(looked, digests)
            self._take_in(looked, digests, True, progress, settle=False)
        if self.news.whole:
            if self.histories is None:
                self.histories = self._fold_all(Matched(), self.news.whole, progress)
            history.write_histories(self.store, self.histories)
        history.refold(self.store, self.vault.scheduler(), self.touched)
        orphan_cards(self.store, self.departed)
        return looked

    def stale(self) -> set[str]:
        """The notes whose review fields may have to be others now, after a sync that did not fold every card."""
        return self.files | history.files_of(self.store, self.touched)

    def _widened(self, looked: Look, digests: dict[str, str]) -> tuple[Look, dict[str, str]]:
        """The whole vault and its digests, as they were before the notes of `looked` were stored."""
        whole = look_at_all(self.vault, self.store)
        new = looked.found.files.keys() - looked.known.keys()
        known = {path: seen for path, seen in whole.known.items() if path not in new} | looked.known
        stored = notes.known_digests(self.store)
        return whole._replace(known=known), {path: stored[path] for path in known if path in stored} | digests

    def _digests(self, looked: Look) -> dict[str, str]:
        if not looked.known:
            return {}
        return notes.known_digests(self.store, None if looked.whole else looked.known)

    def _take_in(
        self,
        looked: Look,
        digests: Mapping[str, str],
        again: bool,
        progress: Progress | None,
        *,
        settle: bool = True,
    ) -> bool:
        """False: other cards are made from now on than the first notes were read for, so all are to be read again."""
        options = rule_options(self.vault, self.plugins, prose=not prose_rests(self.vault, self.store))
        manner = Manner(options, self.log is None, progress)
        batches = read_changes(
            self.vault, self.store, looked.found, looked.known, digests, again, manner, batches=not self.news.whole
        )
        for changes in batches:
            if settle and settle_prose(self.vault, self.store, changes):
                return False
            settle = False
            matched = match_cards(self.store, changes)
            if self.news.whole:
                self.histories = self._fold_all(matched, self.news.whole, progress)
            self._count(changes, matched)
            self._absorb(changes, matched)
        return True

    def _fold_all(self, matched: Matched, standing: Standing, progress: Progress | None) -> dict[str, CardHistory]:
        """Every event of the log in the place of those the store held; the cards of `matched` are not in it yet."""
        labels, decks = history.labels(self.store), history.decks(self.store)
        labels |= {card.id: card.label for card in matched.cards}
        decks |= {card.id: card.deck for card in matched.cards}
        scheduler = self.vault.scheduler()
        own = history.own_schedulers(scheduler, decks)
        return replace_events(self.store, standing, scheduler, labels, own, progress)

    def _absorb(self, changes: Changes, matched: Matched) -> None:
        """Cards into the store, their events into it and the log."""
        now = datetime.now()
        made = matched.alias_events(self.store, self.vault, now)
        made += earlier_reviews(self.store, self.vault, changes.arrivals, matched, now)
        if made and self.log is not None:
            self.log.append(made)
        self.touched |= history.absorb(self.store, made)
        if not self.news.whole:
            self.touched |= matched.to_fold(self.store)
        self.departed |= matched.departed()
        self.files |= changes.read
        matched.write(self.store)

    def _count(self, changes: Changes, matched: Matched) -> None:
        counted, cards = self.report.notes, self.report.cards
        counted.new += len(changes.new)
        counted.changed += len(changes.changed)
        counted.moved += len(changes.moved)
        counted.gone += len(changes.gone)
        cards.new += len(matched.new)
        cards.moved += len(matched.moved)
        cards.edited += len(matched.edited)
        self.report.successors |= matched.successors
        self.report.problems += changes.unread
        self.report.settled += sorted(changes.settled)

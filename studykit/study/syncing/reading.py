"""From changed files to drafts of cards: the part of a sync that reads."""

import os
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

import msgspec

from studykit.cards.card import Draft
from studykit.cards.extract import RuleOptions
from studykit.cards.formats.plugins import Plugins
from studykit.errors import Problem
from studykit.locale import _
from studykit.progress import Progress
from studykit.store import notes
from studykit.store.database import Store
from studykit.study.syncing.note_reading import Reading, reading_of
from studykit.study.syncing.reading_pool import read_many
from studykit.study.vault import Vault
from studykit.vault.frontmatter import Frontmatter
from studykit.vault.scan import FileStat, Scan, Seen

BATCH = 1_000  # notes whose cards are in memory at a time


class Changes(msgspec.Struct):
    """Paths by what became of them, and what the changed notes make. `read` holds every path read again."""

    new: set[str] = msgspec.field(default_factory=set)
    changed: set[str] = msgspec.field(default_factory=set)
    moved: dict[str, str] = msgspec.field(default_factory=dict)  # new path -> old path
    gone: set[str] = msgspec.field(default_factory=set)
    read: set[str] = msgspec.field(default_factory=set)
    drafts: list[Draft] = msgspec.field(default_factory=list)
    arrivals: dict[str, Frontmatter] = msgspec.field(default_factory=dict)
    unread: list[Problem] = msgspec.field(default_factory=list)
    settled: list[str] = msgspec.field(default_factory=list)  # whose merge conflicts over review fields were settled


class Manner(NamedTuple):
    """How the notes of one sync are read: by which rules, whether they may be written to, and who is told."""

    options: RuleOptions
    dry_run: bool = False
    progress: Progress | None = None


def rule_options(vault: Vault, plugins: Plugins, *, prose: bool = True) -> RuleOptions:
    """The settings that decide what becomes a card; without `prose` only what is marked as one does."""
    import msgspec

    rules = msgspec.to_builtins(vault.settings.rules)
    del rules["prose"]
    return RuleOptions(rules, vault.settings.notes.answer_headings, plugins, prose)


def read_changes(
    vault: Vault,
    store: Store,
    found: Scan,
    known: Mapping[str, Seen],
    digests: Mapping[str, str],
    everything: bool,
    manner: Manner,
    *,
    batches: bool = True,
) -> Iterator[Changes]:
    """Read the files that do not stand as `known`, with `digests` (`everything`: all) and extract their drafts.

    Where nothing is known yet they come in `batches` by path, each to be stored before the next: there is nothing that
    their cards might be matched with but each other. Any other sync is one batch.
    """
    gone = known.keys() - found.files.keys()
    todo = [FileStat._make(stat) for path, stat in found.files.items() if everything or known.get(path) is not stat]
    if not (todo or gone):
        return
    size = len(todo) + 1  # one more than there are, so that the last batch is known by its size
    if batches and not known and not store.connection.execute("SELECT EXISTS (SELECT 1 FROM cards)").fetchone()[0]:
        todo.sort()
        size = BATCH
    read = read_many(vault.root, todo, digests, manner.options, again=everything)
    readings = _shown(read, len(todo), manner.progress)
    refused = _refused(manner.options)
    while True:
        changes = Changes(gone=set(gone), unread=refused)
        batch = _take(store, _settled(vault, islice(readings, size), manner, changes), digests, changes)
        refused = []
        _find_moves(store, changes, digests)
        notes.drop_notes(store, changes.gone | set(changes.moved.values()))
        yield changes
        if batch < size:
            return


def _refused(options: RuleOptions) -> list[Problem]:
    """The regular expressions in the vault's plugin settings that cannot be used."""
    expressions = options.plugins.obsidian_to_anki.regexps
    if not expressions:
        return []
    from studykit.cards.formats.anki_regexps import unreadable

    file = ".obsidian/plugins/obsidian-to-anki-plugin/data.json"
    message = _("the regular expression for {kind} is left out: {why}")
    return [
        Problem(file, 1, message.format(kind=kind, why=why))
        for kind, expression in expressions.items()
        if (why := unreadable(expression))
    ]


def _settled(vault: Vault, readings: Iterator[Reading], manner: Manner, changes: Changes) -> Iterator[Reading]:
    """The readings, those with a merge conflict read as it is settled: only this process writes into notes."""
    for reading in readings:
        if not reading.conflicted:
            yield reading
            continue
        from studykit.study.syncing.conflicts import settle  # late: it loads all that writes notes

        try:
            with open(os.path.join(vault.root, reading.stat.path), "rb") as file:
                data = file.read()
        except OSError as error:
            yield Reading(reading.stat, why_not=error.strerror or str(error))
            continue
        found = settle(vault, reading.stat, data, write=not manner.dry_run)
        if found is None:
            yield reading  # it only looked like one
            continue
        if not found.problem:
            changes.settled.append(reading.stat.path)
        yield reading_of(found.note, found.stat, manner.options, [found.problem] if found.problem else [])


def _shown(readings: Iterator[Reading], total: int, progress: Progress | None) -> Iterator[Reading]:
    for done, reading in enumerate(readings, 1):
        if progress:
            progress(done, total, _("reading notes"))
        yield reading
    if progress:
        progress(total, total, _("reading notes"))  # files that went meanwhile were not counted


def _take(store: Store, readings: Iterator[Reading], digests: Mapping[str, str], changes: Changes) -> int:
    """Put what was read into the store and `changes`; the number of files."""
    taken = list(readings)
    renewed = [reading for reading in taken if reading.row is not None]
    notes.put_notes(store, [reading.row for reading in renewed if reading.row])
    notes.put_problems(store, {reading.stat.path: reading.problems for reading in renewed})
    for reading in renewed:
        path = reading.stat.path
        changes.read.add(path)
        changes.drafts += reading.drafts
        if path not in digests:
            changes.new.add(path)
            if reading.front:
                changes.arrivals[path] = reading.front
        elif reading.digest != digests[path]:
            changes.changed.add(path)
    for reading in taken:
        if reading.why_not:
            # Its cards stay as they are: a file that cannot be read for a moment is not a file that is gone.
            message = _("cannot be read: {why}; its cards are kept as they are").format(why=reading.why_not)
            changes.unread.append(Problem(reading.stat.path, 1, message))
        elif reading.row is None:
            notes.touch_note(store, reading.stat)
    return len(taken)


def _find_moves(store: Store, changes: Changes, digests: Mapping[str, str]) -> None:
    """A file that is gone and one with the same bytes that is new are one note that moved."""
    if not (changes.gone and changes.new):
        return
    left = {digests[path]: path for path in changes.gone}
    fresh = notes.known_digests(store, changes.new)
    for path in sorted(changes.new):
        old = left.pop(fresh.get(path, ""), None)
        if old is not None:
            changes.moved[path] = old
            changes.gone.discard(old)
    changes.new -= changes.moved.keys()

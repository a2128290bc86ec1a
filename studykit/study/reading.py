"""From changed files to drafts of cards: the part of a sync that reads."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from studykit.cards.card import Draft
from studykit.cards.extract import RuleOptions, extract
from studykit.cards.formats.plugins import read_plugins
from studykit.errors import Problem
from studykit.locale import _
from studykit.store import notes
from studykit.store.database import Store
from studykit.study.conflicts import settle
from studykit.study.vault import Vault
from studykit.vault.frontmatter import Frontmatter
from studykit.vault.material import conflict_copy_of
from studykit.vault.note import Note, parse_note
from studykit.vault.scan import FileStat, Scan

Progress = Callable[[int, int, str], None]
CONFLICT = b"<<<<<<<"  # without which no note has a merge conflict


@dataclass(slots=True)
class Changes:
    """Paths by what became of them, and what the changed notes make. `read` holds every path read again."""

    new: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)  # new path -> old path
    gone: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    drafts: list[Draft] = field(default_factory=list)
    arrivals: dict[str, Frontmatter] = field(default_factory=dict)
    unread: list[Problem] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)  # whose merge conflicts over review fields were settled


def rule_options(vault: Vault, *, prose: bool = True) -> RuleOptions:
    """The settings that decide what becomes a card; without `prose` only what is marked as one does."""
    import msgspec

    rules = msgspec.to_builtins(vault.settings.rules)
    del rules["prose"]
    return RuleOptions(rules, vault.settings.notes.answer_headings, read_plugins(vault.root), prose)


def prose_rests(vault: Vault, store: Store) -> bool:
    """Does prose make no cards: by the settings, or as of the last sync (see `study.prose`)?"""
    chosen = vault.settings.rules.prose
    return chosen == "off" or (chosen == "auto" and store.meta("prose") == "off")


def read_again(
    vault: Vault, store: Store, found: Scan, options: RuleOptions, changes: Changes, progress: Progress | None
) -> None:
    """Read every file for its cards under other `options`; what became of the files stays as `changes` has it."""
    changes.drafts.clear()
    for done, stat in enumerate(found.files.values(), 1):
        if progress:
            progress(done, len(found.files), _("reading notes"))
        try:
            with open(os.path.join(vault.root, stat.path), "rb") as file:
                note = parse_note(stat.path, file.read())
        except OSError:
            continue  # as at the first reading, its cards stay as they are
        _take(store, note, stat, options, changes)


def read_changes(
    vault: Vault,
    store: Store,
    found: Scan,
    everything: bool,
    progress: Progress | None,
    *,
    dry_run: bool = False,
) -> Changes:
    """Read the files whose time or size changed (`everything`: all) and extract their drafts."""
    known = notes.known_files(store)
    digests = notes.known_digests(store)
    changes = Changes(gone=known.keys() - found.files.keys())
    todo = [stat for path, stat in found.files.items() if everything or known.get(path) != stat]
    options = rule_options(vault, prose=not prose_rests(vault, store))
    changes.unread += _refused(options)
    for done, stat in enumerate(todo, 1):
        _read_one(vault, store, stat, digests.get(stat.path), options, everything, changes, dry_run)
        if progress:
            progress(done, len(todo), _("reading notes"))
    _find_moves(store, changes, digests)
    notes.drop_notes(store, changes.gone | set(changes.moved.values()))
    return changes


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


def _read_one(
    vault: Vault,
    store: Store,
    stat: FileStat,
    digest: str | None,
    options: RuleOptions,
    again: bool,
    changes: Changes,
    dry_run: bool,
) -> None:
    try:
        with open(os.path.join(vault.root, stat.path), "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return  # deleted since the scan; the next sync sees it gone
    except OSError as error:
        # Its cards stay as they are: a file that cannot be read for a moment is not a file that is gone.
        message = _("cannot be read: {why}; its cards are kept as they are").format(why=error.strerror)
        changes.unread.append(Problem(stat.path, 1, message))
        return
    settled = settle(vault, stat, data, write=not dry_run) if CONFLICT in data else None
    note, stat, problem = settled or (parse_note(stat.path, data), stat, None)
    if settled and not problem:
        changes.settled.append(note.path)
    if note.digest == digest and not again:
        notes.touch_note(store, stat)
        return
    _take(store, note, stat, options, changes)
    notes.add_problems(store, [each for each in (problem, _copy(note.path)) if each])
    if digest is None:
        changes.new.add(note.path)
        changes.arrivals[note.path] = note.frontmatter
    elif note.digest != digest:
        changes.changed.add(note.path)


def _copy(path: str) -> Problem | None:
    original = conflict_copy_of(path)
    if not original:
        return None
    message = _("a file sync kept this copy of {note}, which two devices changed; take over what it has and delete it")
    return Problem(path, 1, message.format(note=original))


def _take(store: Store, note: Note, stat: FileStat, options: RuleOptions, changes: Changes) -> None:
    notes.put_note(store, note, stat)
    changes.read.add(note.path)
    if note.is_material:
        made = extract(note, options)
        changes.drafts += made.drafts
        notes.add_problems(store, made.problems)


def _find_moves(store: Store, changes: Changes, digests: dict[str, str]) -> None:
    """A file that is gone and one with the same bytes that is new are one note that moved."""
    if not (changes.gone and changes.new):
        return
    left = {digests[path]: path for path in changes.gone}
    fresh = {row.path: row.digest for row in notes.select_notes(store) if row.path in changes.new}
    for path in sorted(changes.new):
        old = left.pop(fresh.get(path, ""), None)
        if old is not None:
            changes.moved[path] = old
            changes.gone.discard(old)
    changes.new -= changes.moved.keys()

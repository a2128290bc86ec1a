"""Related notes: which are alike, and the section of a note that lists them."""

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from posixpath import dirname
from typing import Any

from studykit.errors import Problem, StudyError
from studykit.locale import _
from studykit.progress import Progress
from studykit.store.database import Store, only_writer, open_store
from studykit.store.related import Pair, Relations, outdated
from studykit.store.related_terms import terms_of
from studykit.study.browsing.note_names import note_at
from studykit.study.sync import synchronise
from studykit.study.vault import Vault
from studykit.vault.links import address_of, label_of
from studykit.vault.note import parse_note
from studykit.vault.related_section import Entry, has_section, with_new_section, with_related
from studykit.vault.rewrite import read_bytes, replace_file

MOST = 5
LEAST = 0.3
_HAN = ("\u4e00", "\u9fff")


@dataclass(frozen=True, slots=True)
class Like:
    """A related note: `similarity` from 0 to 1, and its own tags."""

    path: str
    title: str
    similarity: float
    tags: tuple[str, ...] = ()

    @property
    def percent(self) -> int:
        return round(self.similarity * 100)


@dataclass(slots=True)
class Related:
    """Notes with their related ones, best first. With writing: how many notes were written, which have no section."""

    notes: dict[str, list[Like]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    without_section: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> list[dict[str, Any]]:
        """The names that other programs build on."""
        return [
            {
                "file": path,
                "title": self.titles[path],
                "related": [
                    {"file": like.path, "title": like.title, "similarity": round(like.similarity, 4),
                     "tags": list(like.tags)} for like in likes
                ],
            }
            for path, likes in self.notes.items()
        ]  # fmt: skip


def related_notes(
    vault: Vault,
    names: Sequence[str] = (),
    *,
    most: int = MOST,
    least: float = LEAST,
    write: bool = False,
    add: bool = False,
    progress: Progress | None = None,
) -> Related:
    """The related notes of those named (none: of all), at most `most` each, of a similarity of at least `least`.

    The vault is synced first. With `write` their generated sections follow; with `add` one is made where none stands.
    Raises NotFoundError for a name that is no note, BusyError, StoreError.
    """
    found = Related()
    with only_writer(vault.store_file), closing(open_store(vault.store_file)) as store:
        synchronise(vault, store, progress=progress)
        chosen = [note_at(vault, store, name) for name in names] or _all(store)
        relations = ready_relations(vault, store, found.problems, pairs=not names, progress=progress)
        pairs = {path: relations.like(path, most, least) for path in chosen}
        described = _described(store)
    for path, likes in pairs.items():
        found.titles[path] = described[path][0]
        found.notes[path] = [Like(like.path, *_with(described[like.path], like)) for like in likes]
    if write or add:
        for path in found.notes:
            _write(vault, path, found, add=add)
    return found


def ready_relations(
    vault: Vault, store: Store, problems: list[Problem], *, pairs: bool, progress: Progress | None = None
) -> Relations:
    """The relations brought up to date with what the last sync read; with `pairs` those of all notes as well."""

    def tell(what: str) -> Callable[[int, int], object]:
        return lambda done, total: progress(done, total, what) if progress else None

    fresh, stale = outdated(store)
    with store.write():
        relations = Relations(store)
        for path in stale:
            relations.drop(path)
        for done, path in enumerate(fresh, 1):
            _take(vault, relations, path, problems)
            tell(_("reading notes"))(done, len(fresh))
        if fresh or stale:
            relations.settle(tell(_("comparing notes")))
        if pairs:
            relations.pair_all(tell(_("comparing notes")))
    return relations


def _take(vault: Vault, relations: Relations, path: str, problems: list[Problem]) -> None:
    try:
        data, _seen = read_bytes(os.path.join(vault.root, path))
    except StudyError as error:
        problems.append(Problem(path, 1, error.message))
        return
    note = parse_note(path, data)
    relations.put(path, note.digest, terms_of(note))


def _all(store: Store) -> list[str]:
    rows = store.connection.execute("SELECT path FROM notes WHERE material = 1 ORDER BY path")
    return [row[0] for row in rows]


def _described(store: Store) -> dict[str, tuple[str, tuple[str, ...]]]:
    rows = store.connection.execute("SELECT path, title, tags FROM notes")
    return {path: (title, tuple(filter(None, tags.split("\n")))) for path, title, tags in rows}


def _with(described: tuple[str, tuple[str, ...]], pair: Pair) -> tuple[str, float, tuple[str, ...]]:
    return described[0], pair.score, described[1]


def _write(vault: Vault, path: str, found: Related, *, add: bool) -> None:
    place = os.path.join(vault.root, path)
    try:
        data, seen = read_bytes(place)
        note = parse_note(path, data)
        entries = [_entry(like, dirname(path)) for like in found.notes[path]]
        if has_section(note):
            new: bytes | None = with_related(data, entries)
        elif add:
            new = with_new_section(data, entries, chinese=any(_HAN[0] <= letter <= _HAN[1] for letter in note.body))
        else:
            found.without_section.append(path)
            return
        if new is None:
            found.problems.append(Problem(path, 1, _("no section can be put at its end (is a code block left open?)")))
        elif new != data:
            if replace_file(place, new, seen):
                found.written.append(path)
            else:
                found.problems.append(Problem(path, 1, _("is being changed by another program; nothing was written")))
    except StudyError as error:
        found.problems.append(Problem(path, 1, error.message.removeprefix(f"{place}: ")))


def _entry(like: Like, folder: str) -> Entry:
    return Entry(label_of(like.title), address_of(like.path, folder), like.percent, like.tags)

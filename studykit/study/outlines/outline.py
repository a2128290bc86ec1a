"""Outlines: Markdown files that list what is to be learnt and link to notes. How much of one has notes, how well its
chapters are known, which links are broken, and its notes in its own order."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from posixpath import dirname
from typing import Any, Literal

from studykit.errors import NotFoundError
from studykit.locale import _, listed
from studykit.spacing.forecast import mastery
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import Store, only_writer, open_store
from studykit.study.browsing.note_names import from_here, ranked
from studykit.study.outlines.outline_topics import Chapter, Topic, chapters
from studykit.study.sync import synchronise
from studykit.study.vault import Vault
from studykit.vault.frontmatter import read_frontmatter
from studykit.vault.links import Targets
from studykit.vault.note import Note, parse_note
from studykit.vault.rewrite import read_bytes

FOLDERS = ("outlines", "outline", "大纲")
"""Where outlines are looked for by name, in the vault and beside it."""

State = Literal["linked", "named", "broken", "missing"]


@dataclass(frozen=True, slots=True)
class Covered:
    """A topic and its note. `linked`: its link names `path`; `named`: a note of that title stands, without a link;
    `broken`: its link names nothing; `missing`: no note. `nearest` is the note most like it where it has none."""

    topic: Topic
    state: State
    path: str | None = None
    nearest: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on."""
        return {
            "title": self.topic.title, "line": self.topic.line, "state": self.state, "file": self.path,
            "address": self.topic.link and self.topic.link.address, "nearest": self.nearest,
        }  # fmt: skip


@dataclass(slots=True)
class Part:
    """A chapter: its own topics, and over these and the chapters below it topics, notes, mastery (0..1; None without
    cards) and due cards."""

    title: str
    level: int
    line: int
    own: list[Covered]
    topics: int = 0
    with_note: int = 0
    mastery: float | None = None
    due: int = 0

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on."""
        return {
            "title": self.title, "level": self.level, "line": self.line, "topics": self.topics,
            "with_note": self.with_note, "mastery": self.mastery, "due": self.due,
            "entries": [covered.as_json() for covered in self.own],
        }  # fmt: skip


@dataclass(slots=True)
class Coverage:
    """An outline as a whole. `outside`: notes whose `related_outlines` name it and that it does not list."""

    file: str
    parts: list[Part] = field(default_factory=list)
    topics: int = 0
    with_note: int = 0
    mastery: float | None = None
    due: int = 0
    outside: list[str] = field(default_factory=list)

    @property
    def covered(self) -> list[Covered]:
        """Every topic in order."""
        return [each for part in self.parts for each in part.own]

    def notes(self) -> list[str]:
        """The paths of its notes in its order, each once."""
        return list(dict.fromkeys(each.path for each in self.covered if each.path))

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on."""
        return {
            "file": self.file, "topics": self.topics, "with_note": self.with_note,
            "broken": sum(each.state == "broken" for each in self.covered), "mastery": self.mastery, "due": self.due,
            "chapters": [part.as_json() for part in self.parts], "not_listed": self.outside,
        }  # fmt: skip


def cover(vault: Vault, name: str) -> Coverage:
    """How an outline (a file, or the name of one in a folder of outlines) is covered by notes; synced first.

    Raises NotFoundError when it is not there, VaultError when it cannot be read, BusyError, StoreError.
    """
    place = find_outline(vault, name)
    note = parse_note("", read_bytes(place)[0])
    with only_writer(vault.store_file), closing(open_store(vault.store_file)) as store:
        synchronise(vault, store)
        return _cover(vault, store, place, name, note)


def outline_notes(vault: Vault, name: str) -> tuple[str, ...]:
    """The notes of an outline in its order, to study them so; those that only name it come last."""
    coverage = cover(vault, name)
    return (*coverage.notes(), *coverage.outside)


def find_outline(vault: Vault, name: str) -> str:
    """The absolute path of an outline. Raises NotFoundError naming those that are there."""
    if os.path.isfile(os.path.expanduser(name)):
        return os.path.abspath(os.path.expanduser(name))
    there = list_outlines(vault)
    stem = name.removesuffix(".md")
    for path in there:
        if stem in (os.path.basename(path).removesuffix(".md"), path.removesuffix(".md")):
            return path
    shown = listed(os.path.basename(path) for path in there[:5])
    hint = _("There are: {names}.").format(names=shown) if shown else _("Name a Markdown file that links to notes.")
    raise NotFoundError(_("There is no outline {name!r}.").format(name=name), hint)


def list_outlines(vault: Vault) -> list[str]:
    """The Markdown files in folders of outlines, in the vault and beside it, as absolute paths."""
    found: list[str] = []
    for base in (vault.root, os.path.dirname(vault.root)):
        for folder in FOLDERS:
            for above, folders, names in os.walk(os.path.join(base, folder)):
                folders[:] = sorted(each for each in folders if not each.startswith("."))
                found += [os.path.join(above, each) for each in sorted(names) if each.endswith(".md")]
    return list(dict.fromkeys(found))


def _cover(vault: Vault, store: Store, place: str, shown: str, note: Note) -> Coverage:
    own = from_here(vault, place)
    titles = [
        (path, title)
        for path, title in store.connection.execute("SELECT path, title FROM notes ORDER BY path")
        if path != own
    ]
    matcher = _Matcher(vault, titles, dirname(own))
    coverage = Coverage(shown)
    coverage.parts = [matcher.part(chapter) for chapter in chapters(note)]
    today = vault.day(datetime.now())
    known = _Known(vault, store, coverage.notes(), today)
    for index, part in enumerate(coverage.parts):
        below = list(_below(coverage.parts, index))
        part.topics, part.with_note, part.mastery, part.due = known.figures(below)
    coverage.topics, coverage.with_note, coverage.mastery, coverage.due = known.figures(coverage.covered)
    listed = set(coverage.notes())
    coverage.outside = [path for path in _naming(vault, titles, own) if path not in listed]
    return coverage


def _below(parts: Sequence[Part], index: int) -> Iterator[Covered]:
    """The topics of a chapter and of those below it."""
    yield from parts[index].own
    for part in parts[index + 1 :]:
        if part.level <= parts[index].level:
            return
        yield from part.own


class _Matcher:
    """Finds the note of each topic."""

    def __init__(self, vault: Vault, titles: list[tuple[str, str]], folder: str) -> None:
        self.titles, self.folder = titles, folder
        self.targets = Targets([path for path, _title in titles], vault.root)

    def part(self, chapter: Chapter) -> Part:
        return Part(chapter.title, chapter.level, chapter.line, [self.covered(topic) for topic in chapter.topics])

    def covered(self, topic: Topic) -> Covered:
        if topic.link:
            path = self.targets.find_leniently(topic.link, self.folder)
            if path:
                return Covered(topic, "linked", path)
            near = ranked(topic.link.address, self.titles) or ranked(topic.title, self.titles)
            return Covered(topic, "broken", nearest=near[0] if near else None)
        near = ranked(topic.title, self.titles)
        if near and self.is_called(near[0], topic.title):
            return Covered(topic, "named", near[0])
        return Covered(topic, "missing", nearest=near[0] if near else None)

    def is_called(self, path: str, title: str) -> bool:
        return ranked(title, [each for each in self.titles if each[0] == path], at_least=1.0) != []


class _Known:
    """What is known of an outline's notes."""

    def __init__(self, vault: Vault, store: Store, paths: Sequence[str], today: date) -> None:
        self.vault, self.today = vault, today
        self.cards: dict[str, list[CardRow]] = {
            path: select_cards(store, "file = ? AND active = 1", (path,)) for path in paths
        }

    def figures(self, topics: Sequence[Covered]) -> tuple[int, int, float | None, int]:
        """Topics, those with a note, the mean mastery of their notes, their due cards."""
        paths = dict.fromkeys(each.path for each in topics if each.path)
        each = [self.mastery(self.cards[path]) for path in paths if self.cards[path]]
        mean = round(sum(each) / len(each), 2) if each else None
        today = self.today.isoformat()
        due = sum(bool(card.due and card.due <= today and not card.suspended)
                  for path in paths for card in self.cards[path])  # fmt: skip
        return len(topics), sum(each.path is not None for each in topics), mean, due

    def mastery(self, cards: Sequence[CardRow]) -> float:
        """As it is written into the note: from its last review on."""
        last = max((card.last for card in cards if card.last), default=None)
        day = date.fromisoformat(last) if last else self.today
        return mastery([card.recall for card in cards], day, self.vault.scheduler())


def _naming(vault: Vault, titles: Sequence[tuple[str, str]], outline: str) -> Iterator[str]:
    """The notes whose `related_outlines` name the outline, by its path or its name."""
    stem = outline.rpartition("/")[2].removesuffix(".md")
    for path, _title in titles:
        try:
            with open(os.path.join(vault.root, path), "rb") as file:
                data = file.read()
        except OSError:
            continue
        if b"related_outlines" in data and stem.encode() in data:
            named = read_frontmatter(parse_note("", data).text, path).frontmatter.related_outlines
            if any(each.rpartition("/")[2].removesuffix(".md").strip("[]") == stem for each in named):
                yield path

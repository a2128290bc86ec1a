"""What is the matter with notes, beside their numbers: fields, dates, tags, titles, copies, links, empty bodies."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from posixpath import dirname
from typing import Any, Literal, NamedTuple

from studykit.errors import StudyError
from studykit.locale import _, listed
from studykit.progress import Progress
from studykit.store.database import Store, only_writer, open_store
from studykit.store.words import fold
from studykit.study.browsing.note_names import note_at, ranked
from studykit.study.browsing.related import ready_relations
from studykit.study.sync import synchronise
from studykit.study.vault import Vault
from studykit.vault.frontmatter import Frontmatter, read_frontmatter
from studykit.vault.links import Link, Targets, find_links, is_local, paths_meant
from studykit.vault.markdown import plain
from studykit.vault.note import Note, parse_note
from studykit.vault.rewrite import read_bytes
from studykit.vault.tail import generated_tails

Kind = Literal["field", "dates", "tag", "title", "copy", "link", "empty", "unread"]
ALIKE = 0.75
"""Similarity from which two notes are looked at as copies; they are, if their texts agree by `SAME` of 100."""
SAME = 80
_LONGEST = 50_000  # characters of a text that are compared
_FILE = re.compile(
    r"\.(?:md|markdown|pdf|png|jpe?g|gif|svg|webp|html?|txt|csv|ipynb|py|cpp|cu|cuh|h|json|ya?ml|toml|zip|mp[34])$",
    re.IGNORECASE,
)


class Finding(NamedTuple):
    """One thing wrong: the file, its line from 1, the kind of fault, a sentence, and the other notes it is about."""

    file: str
    line: int
    kind: Kind
    message: str
    others: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on."""
        return {**self._asdict(), "others": list(self.others)}


@dataclass(slots=True)
class _Read:
    """What is gathered while the notes are read one by one."""

    findings: list[Finding] = field(default_factory=list)
    titles: defaultdict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    dead_wiki: list[Finding] = field(default_factory=list)
    live_wiki: int = 0


def find_problems(vault: Vault, names: Sequence[str] = (), progress: Progress | None = None) -> list[Finding]:
    """The faults of the notes named (none: of all), by file and line; synced first, nothing else is written.

    Raises NotFoundError for a name that is no note, BusyError, StoreError.
    """
    with only_writer(vault.store_file), closing(open_store(vault.store_file)) as store:
        synchronise(vault, store)
        chosen = {note_at(vault, store, name) for name in names}
        titles = store.connection.execute("SELECT path, title FROM notes ORDER BY path").fetchall()
        read = _Read()
        looking = _Looking(vault, titles, read)
        for done, (path, _title) in enumerate(titles, 1):
            looking.at(path)
            if progress:
                progress(done, len(titles), _("reading notes"))
        findings = [*read.findings, *_same_titles(read), *_copies(vault, store, progress)]
        if read.live_wiki >= len(read.dead_wiki):  # else what stands in double brackets is no link here
            findings += read.dead_wiki
    return sorted(each for each in findings if not chosen or each.file in chosen)


class _Looking:
    """Looks at one note at a time."""

    def __init__(self, vault: Vault, titles: list[tuple[str, str]], read: _Read) -> None:
        self.vault, self.titles, self.read = vault, titles, read
        self.targets = Targets([path for path, _title in titles], vault.root)
        self.today = vault.day(datetime.now())

    def at(self, path: str) -> None:
        try:
            data, _seen = read_bytes(os.path.join(self.vault.root, path))
        except StudyError as error:
            self.read.findings.append(Finding(path, 1, "unread", error.message))
            return
        note = parse_note(path, data)
        found = self.read.findings
        found += (Finding(path, problem.line, "field", problem.message) for problem in note.problems)
        if not note.frontmatter.cards:
            return
        found += self._fields(note)
        found += self._links(note)
        if note.is_material:
            title = fold(plain(note.title))
            self.read.titles["".join(title.split())].append((path, _title_line(note)))
        elif not _has_text(note) and not note.problems:
            found.append(Finding(path, note.body_line, "empty", _("the note has no text")))

    def _fields(self, note: Note) -> Iterator[Finding]:
        line = _line_of(note)
        for key, message in contradictions(note.frontmatter, self.today):
            yield Finding(note.path, line(key), "dates", message)
        written = read_frontmatter(note.text, "").frontmatter.tags
        for tag in written:
            if tag not in note.frontmatter.tags:
                message = _("the tag {tag} is the note's own path").format(tag=tag)
                yield Finding(note.path, line(tag.rpartition("/")[2], "tags"), "tag", message)

    def _links(self, note: Note) -> Iterator[Finding]:
        generated = {number for tail in generated_tails(note.outline) for number in range(*tail)}
        dead_in_generated: list[int] = []
        for link in find_links(note.outline):
            line = link.line + note.body_line
            if link.wiki:
                self._wiki(note, link, line)
            elif not _is_path(link) or self._stands(link, dirname(note.path)):
                continue
            elif link.line in generated:
                dead_in_generated.append(line)
            else:
                yield Finding(note.path, line, "link", self._dead(link))
        if dead_in_generated:
            message = _("dead links in the generated section: {n}; `studykit related --write` renews it")
            yield Finding(note.path, dead_in_generated[0], "link", message.format(n=len(dead_in_generated)))

    def _wiki(self, note: Note, link: Link, line: int) -> None:
        if link.image or link.address.startswith("#"):
            return
        if self.targets.find(link, ""):
            self.read.live_wiki += 1
        else:
            self.read.dead_wiki.append(Finding(note.path, line, "link", self._dead(link)))

    def _stands(self, link: Link, folder: str) -> bool:
        if self.targets.find(link, folder):
            return True
        return any(os.path.exists(os.path.join(self.vault.root, path)) for path in paths_meant(link.address, folder))

    def _dead(self, link: Link) -> str:
        near = ranked(link.address, self.titles) or ranked(link.text, self.titles)
        hint = " " + _("Did you mean `{name}`?").format(name=near[0]) if near else ""
        return _("no file stands at {address}.").format(address=link.address) + hint


def contradictions(front: Frontmatter, today: date) -> Iterator[tuple[str, str]]:
    """The key and a sentence for each pair of review fields that cannot both be true."""
    created, last, following, count = front.created, front.last_reviewed, front.next_review, front.review_count
    if created and created > today:
        yield "created", _("created {day} lies ahead").format(day=created)
    if last and last > today:
        yield "last_reviewed", _("last_reviewed {day} lies ahead").format(day=last)
    if created and last and last < created:
        yield "last_reviewed", _("last_reviewed {one} is before created {other}").format(one=last, other=created)
    if last and following and following < last:
        yield "next_review", _("next_review {one} is before last_reviewed {other}").format(one=following, other=last)
    if created and following and not last and following < created:
        yield "next_review", _("next_review {one} is before created {other}").format(one=following, other=created)
    if count and not last and "last_reviewed" in front.keys:
        yield "review_count", _("review_count is {n}, but last_reviewed says never").format(n=count)
    if last and not count and "review_count" in front.keys:
        yield "review_count", _("review_count is 0, but last_reviewed is {day}").format(day=last)
    if front.mastery and not count and not last and "review_count" in front.keys:
        yield (
            "mastery_level",
            _("mastery_level is {share}, but the note was never reviewed").format(share=front.mastery),
        )


def _line_of(note: Note) -> Callable[..., int]:
    head = note.text[: len(note.text) - len(note.body)].split("\n")

    def line(*words: str) -> int:
        """The head's first line with one of the words, the first of them before the others."""
        numbers = (number for word in words for number, text in enumerate(head, 1) if word in text)
        return next(numbers, 1)

    return line


def _is_path(link: Link) -> bool:
    """Whether an address is surely meant as a file: `[&](int a)` in unfenced code is none."""
    return is_local(link.address) and bool(_FILE.search(link.address.strip("<>").split("#")[0].rstrip()))


def _has_text(note: Note) -> bool:
    return bool(note.lead or any(section.own for section in note.sections))


def _title_line(note: Note) -> int:
    return note.outline.headings[0].line + note.body_line if note.outline.headings else note.body_line


def _same_titles(read: _Read) -> Iterator[Finding]:
    for places in read.titles.values():
        for path, line in places if len(places) > 1 else ():
            others = tuple(other for other, _line in places if other != path)
            message = _("the same title as {others}").format(others=listed(others))
            yield Finding(path, line, "title", message, others)


def _copies(vault: Vault, store: Store, progress: Progress | None) -> Iterator[Finding]:
    """Pairs of notes with nearly one text, told at the later of the two."""
    from rapidfuzz import fuzz

    relations = ready_relations(vault, store, [], pairs=True, progress=progress)
    for (path,) in store.connection.execute("SELECT path FROM related_notes ORDER BY path").fetchall():
        for pair in relations.like(path, 10, ALIKE):
            if pair.path < path:
                share = fuzz.ratio(_text(vault, path), _text(vault, pair.path), score_cutoff=SAME)
                if share:
                    message = _("nearly the same text as {other} ({share}%)").format(
                        other=pair.path, share=round(share)
                    )
                    yield Finding(path, 1, "copy", message, (pair.path,))


def _text(vault: Vault, path: str) -> str:
    try:
        note = parse_note(path, read_bytes(os.path.join(vault.root, path))[0])
    except StudyError:
        return ""
    parts = [note.lead, *(section.own for section in note.sections)]
    return "\n".join(parts)[:_LONGEST]

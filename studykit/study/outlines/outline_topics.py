"""The topics of an outline: what a Markdown file lists, by chapter, with the note that each entry links to.

A topic is a list entry, a link to a Markdown file anywhere, or a heading with nothing below it. An entry that only
introduces deeper ones is none. Headings make chapters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from studykit.vault.links import Link, is_local, links_in
from studykit.vault.markdown import plain
from studykit.vault.note import Note
from studykit.vault.tail import generated_tails

_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX✓✔]\]\s+)?(?P<text>\S.*)")


class Topic(NamedTuple):
    """One entry: its words without markup, the file's line from 1, and its link, if it has one."""

    title: str
    line: int
    link: Link | None = None


@dataclass(slots=True)
class Chapter:
    """A heading with the topics up to the next one; level 0 and no title for what stands above all headings."""

    title: str
    level: int
    line: int
    topics: list[Topic] = field(default_factory=list)


class _Entry(NamedTuple):
    line: int
    indent: int  # -1: no list entry
    text: str
    links: tuple[Link, ...]


def chapters(note: Note) -> list[Chapter]:
    """The chapters of an outline that was read as a note, in order; those without a topic as well."""
    found = [Chapter("", 0, note.body_line)]
    headings = {heading.line: heading for heading in note.outline.headings}
    waiting: list[_Entry] = []
    for entry in _entries(note):
        heading = headings.get(entry.line)
        if heading is None:
            waiting.append(entry)
            continue
        found[-1].topics += _topics(waiting, note.body_line)
        waiting = []
        found.append(Chapter(_words(heading.title), heading.level, entry.line + note.body_line))
        found[-1].topics += [_topic(link, note.body_line) for link in entry.links]
    found[-1].topics += _topics(waiting, note.body_line)
    return list(_without_leaves(found))


def _entries(note: Note) -> Iterator[_Entry]:
    """Headings, list entries and other lines with links, those in code and comments left out."""
    outline = note.outline
    hidden = {number for fence in outline.fences for number in range(fence.line, fence.end)}
    hidden.update(number for tail in generated_tails(outline) for number in range(*tail))
    for comment in outline.comments:
        hidden.update(range(comment.line, comment.line + comment.text.count("\n") + 1))
    headings = {heading.line for heading in outline.headings}
    for number, line in enumerate(outline.lines):
        if number in hidden:
            continue
        links = tuple(link for link in links_in(line, number) if _names_note(link)) if "[" in line else ()
        item = None if number in headings else _ITEM.fullmatch(line)
        if item:
            yield _Entry(number, len(item["indent"].expandtabs(4)), item["text"], links)
        elif links or number in headings:
            yield _Entry(number, -1, line, links)


def _names_note(link: Link) -> bool:
    if link.image:
        return False
    address = link.address.strip("<>").split("#")[0].split("?")[0]
    return link.wiki or (
        is_local(link.address) and (link.address.rstrip(">").endswith(".md") or address.endswith(".md"))
    )


def _topics(entries: list[_Entry], first: int) -> Iterator[Topic]:
    following = [*(after.indent for after in entries[1:]), -1]
    for entry, deeper in zip(entries, following, strict=False):  # without entries one follows none
        if entry.links:
            yield from (_topic(link, first) for link in entry.links)
        elif entry.indent >= deeper and (words := _words(entry.text)):
            yield Topic(words, entry.line + first)


def _topic(link: Link, first: int) -> Topic:
    return Topic(_words(link.text) or link.address, link.line + first, link)


def _words(text: str) -> str:
    return " ".join(plain(text).split())


def _without_leaves(found: list[Chapter]) -> Iterator[Chapter]:
    """A heading below another with nothing under it is a topic of the chapter before it."""
    kept: list[Chapter] = []
    for index, chapter in enumerate(found):
        following = found[index + 1].level if index + 1 < len(found) else 0
        above = next((each for each in reversed(kept) if 0 < each.level < chapter.level), None)
        if chapter.level > 1 and not chapter.topics and following <= chapter.level and above is not None:
            above.topics.append(Topic(chapter.title, chapter.line))
        elif chapter.level or chapter.topics:
            kept.append(chapter)
    return iter(kept)

"""The deck of a card, by the tags of its note: `#flashcards/physics` is the deck `flashcards/physics`.

As the Spaced Repetition plugin has it: a tag at the start of a card is that card's own; otherwise the tag nearest
above it counts, then one of the frontmatter, then any that the note has. A note without any is in no deck.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

import msgspec

from studykit.cards.formats.inert import covers, spans
from studykit.cards.formats.plugins import SpacedRepetition
from studykit.cards.page import Page
from studykit.vault.later import later

_TAG = later(r"(?<!\S)#[^\s#!\"$%&'()*+,.:;<=>?@\[\]^`{|}~\\\u2000-\u206f\u2e00-\u2e7f]+")
_LEADING = later(r"\s*#([^\s#]+)\s*")
_BLOCK_ID = later(r"[ \t]\^[A-Za-z0-9-]+\s*\Z")
_KEY = later(r"['\"]?tags?['\"]?[ \t]*:(.*)", re.IGNORECASE)
_KEY_IN_BRACES = later(r"\"tags?\"[ \t]*:[ \t]*(\[[^\[\]]*\]|\"[^\"]*\")", re.IGNORECASE)
_COMMENT = later(r"(?:^|\s)#.*")
_SEPARATORS = later(r"[\s,\[\]\"']+")


class DeckTags(msgspec.Struct):
    """The deck tags of one note: those in its text with their lines, and those of its frontmatter."""

    options: SpacedRepetition
    folder: str
    in_text: list[tuple[int, str]]
    in_front: list[str]
    first: str  # of all, be it within a card; '' where folders are decks and the note has none

    @classmethod
    def of(cls, page: Page, options: SpacedRepetition) -> "DeckTags | None":
        """The tags of a note; None for a note that is in no deck."""
        front = [tag for tag in _front_tags(page) if is_deck(tag, options.tags)]
        held = any(tag in page.note.body for tag in options.tags)
        if not (front or held or (options.folders and page.note.deck)):
            return None
        if options.ignored_tags and any(is_deck(tag, options.ignored_tags) for tag in all_tags(page)):
            return None
        text = list(tags_in_text(page, options.tags)) if held else []
        first = next(iter(front), text[0][1] if text else "")
        in_deck = bool(first or (options.folders and page.note.deck))
        return cls(options, page.note.deck if options.folders else "", text, front, first) if in_deck else None

    def leave_out(self, ranges: Sequence[tuple[int, int]]) -> None:
        """Tags within cards (`ranges` of lines, in order) say nothing about the cards below."""
        starts = [start for start, _ in ranges]
        kept = []
        for line, tag in self.in_text:
            place = bisect_left(starts, line + 1) - 1
            if place < 0 or line >= ranges[place][1]:
                kept.append((line, tag))
        self.in_text = kept

    def deck(self, line: int, text: str) -> tuple[str, str]:
        """The deck of the card that begins on `line`, and its text without a tag of its own."""
        own = _LEADING.match(text)
        if own:
            text = text[own.end() :]
        if self.options.folders:
            return self.folder, text
        if own:
            return _path(own[1]), text
        place = bisect_left(self.in_text, (line, ""))
        return _path(self._first_of_line(place - 1) if place else next(iter(self.in_front), self.first)), text

    def _first_of_line(self, place: int) -> str:
        while place and self.in_text[place - 1][0] == self.in_text[place][0]:
            place -= 1
        return self.in_text[place][1]


def without_block_id(text: str) -> str:
    """A card's text without an Obsidian block id behind it.

    >>> without_block_id("Question::Answer ^q1")
    'Question::Answer'
    """
    return _BLOCK_ID.sub("", text) if "^" in text[-200:] else text


def is_deck(tag: str, decks: Sequence[str]) -> bool:
    """Is a tag one of `decks`, or below one?"""
    return any(tag == deck or tag.startswith(f"{deck}/") for deck in decks)


def tags_in_text(page: Page, decks: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The deck tags in a note's text with their lines: none in code, formulas or comments."""
    for number in page.lines_with(*decks):
        line = page.lines[number]
        if not page.is_prose(number):
            continue
        inert = spans(line)
        for match in _TAG.finditer(line):
            if is_deck(match[0].rstrip("/"), decks) and not covers(inert, match.start()):
                yield number, match[0].rstrip("/")


def all_tags(page: Page) -> list[str]:
    """Every tag of a note, with its `#`."""
    return [*_front_tags(page), *(match[0] for line in page.lines if "#" in line for match in _TAG.finditer(line))]


def _front_tags(page: Page) -> list[str]:
    """The tags of the frontmatter, read from its text: a broken head, or one of an odd kind, still has its tags."""
    head = page.note.text[: len(page.note.text) - len(page.note.body)]
    found: list[str] = []
    if "tag" not in head.lower():
        return found
    inside = False
    for line in head.split("\n"):
        if line.startswith("{"):  # JSON, as programs write it, is YAML too
            found += _names(" ".join(_KEY_IN_BRACES.findall(line)))
        key = _KEY.match(line)
        inside = bool(key) or (inside and line[:1] in ("", " ", "\t", "-", "#") and not line.startswith("---"))
        if inside:
            found += _names(_COMMENT.sub("", key[1] if key else line))
    return found


def _names(text: str) -> list[str]:
    return [f"#{word.lstrip('#')}" for word in _SEPARATORS.split(text) if word.strip("-#")]


def _path(tag: str) -> str:
    return "/".join(part for part in tag.lstrip("#").split("/") if part)

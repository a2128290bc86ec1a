"""Which formats of other programs the notes of a folder are written in."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from studykit.cards.formats.plugins import Plugins
from studykit.cards.page import Page, RuleOptions
from studykit.cards.rules import NATIVE
from studykit.vault.frontmatter import REVIEW_KEYS
from studykit.vault.note import parse_note

_MARKS = (b"{{c", b"#card", b"#Card", b"[[card]]", b"tags::", b"cards-deck", b"\n^1", b"\nQ:", b"\nC:")


_OWN = tuple(f"\n{key}:".encode() for key in REVIEW_KEYS)
_HEAD = 4_096  # bytes in which the keys of a note stand


class Formats(NamedTuple):
    """The number of notes by format, and whether a program has left a schedule behind a card of them.

    `own` is the number of notes with review keys, which are studied as prose.
    """

    notes: dict[str, int]
    reviewed: bool
    own: int = 0


def formats_in(root: str, paths: Iterable[str], plugins: Plugins) -> Formats:
    """The formats that some note is written in. A file that cannot be read is none; `paths` are relative to `root`."""
    marks = (*_MARKS, *_words(plugins))
    anywhere = plugins.spaced_repetition.folders or bool(plugins.obsidian_to_anki.regexps)
    found: Counter[str] = Counter()
    reviewed, own = False, 0
    for path in paths:
        try:
            with open(os.path.join(root, path), "rb") as file:
                data = file.read()
        except OSError:
            continue
        own += data[:3] == b"---" and any(key in data[:_HEAD] for key in _OWN)
        if anywhere or data[:2] in (b"Q:", b"C:") or any(mark in data for mark in marks):
            for name, scheduled in _formats(path, data, plugins):
                found[name] += 1
                reviewed = reviewed or scheduled
    return Formats({name: found[name] for name in NATIVE if found[name]}, reviewed, own)


def _words(plugins: Plugins) -> list[bytes]:
    words = [plugins.obsidian_to_anki.begin, plugins.obsidian_to_anki.begin_inline]
    if plugins.flashcards.installed:
        words += [f"#{plugins.flashcards.tag}", f" {plugins.flashcards.inline} ", plugins.flashcards.inline_reversed]
    return [word.encode() for word in (*words, *(tag[1:] for tag in plugins.spaced_repetition.tags)) if word]


def _formats(path: str, data: bytes, plugins: Plugins) -> Iterator[tuple[str, bool]]:
    note = parse_note(path, data)
    if not note.is_material:
        return
    page = Page(note, RuleOptions(plugins=plugins))
    for name, rule in NATIVE.items():
        found = list(rule(page))
        for card in found:
            page.cover(card.start, card.end)  # some rules leave alone what another has read
        if found:
            yield name, any(card.schedule for card in found)

"""The blocks of text that Obsidian's Spaced Repetition plugin makes cards of, line by line as its parser does.

A blank line, or the end marker where the vault has one, ends a block. A block is a card of several lines if a line
is only a separator, an inline card if a line holds one, and else a cloze card if a line has a gap. The parser is the
plugin's `src/parser.ts` (https://github.com/st3v3nmw/obsidian-spaced-repetition), with two of its slips left out: a
comment ends where it closes, and the line below it counts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Literal, NamedTuple

import msgspec

from studykit.cards.formats.inert import covers, spans
from studykit.cards.formats.plugins import SpacedRepetition

Kind = Literal["inline", "inline-reversed", "multiline", "multiline-reversed", "cloze"]
COMMENT = "<!--SR:"


class Block(NamedTuple):
    """One block that holds cards; lines count from 0, `end` is exclusive."""

    kind: Kind
    start: int
    end: int
    text: str


class _Open(msgspec.Struct):
    """The block being read."""

    start: int = 0
    lines: list[str] = msgspec.field(default_factory=list)
    kind: Kind | None = None

    def block(self, end: int) -> Iterator[Block]:
        if self.kind and self.lines:
            yield Block(self.kind, self.start, end, "\n".join(self.lines).rstrip())


def blocks(
    lines: Sequence[str],
    options: SpacedRepetition,
    has_gap: Callable[[str], bool],
    fences: Mapping[int, int],
    plain: AbstractSet[int] = frozenset(),
) -> Iterator[Block]:
    """The blocks of a note's body. `fences` maps a fence's first line to the line after it.

    Lines in `plain` belong to a block but make no card of it.
    """
    markers = _inline_markers(options)
    open_, at = _Open(), 0
    while at < len(lines):
        line = lines[at]
        trimmed = line.strip()
        if line.startswith("<!--") and not line.startswith(COMMENT):
            at = _after_comment(lines, at)
            open_.start = open_.start if open_.lines else at
        elif at in fences:
            open_.lines += lines[at : fences[at]]
            at = fences[at]
        elif _ends(trimmed, open_, options.end):
            yield from open_.block(at)
            at += 1
            open_ = _Open(at)
        elif kind := _inline_kind(line, markers) if at not in plain else None:
            end = at + 1 + (at + 1 < len(lines) and lines[at + 1].startswith(COMMENT))
            yield Block(kind, at, end, "\n".join(lines[at:end]))
            at = end
            open_ = _Open(at)
        else:
            open_.lines.append(line.rstrip())
            open_.kind = _kind(open_, trimmed, options) or open_.kind
            if open_.kind is None and at not in plain and has_gap(line):
                open_.kind = "cloze"
            at += 1
    yield from open_.block(at)


def _ends(trimmed: str, open_: _Open, marker: str) -> bool:
    if marker:
        return trimmed == marker or (not trimmed and open_.kind is None)
    return not trimmed


def _kind(open_: _Open, trimmed: str, options: SpacedRepetition) -> Kind | None:
    """The kind that a line that is only a separator gives; without a question before it, it is text."""
    if not trimmed or trimmed not in (options.multiline, options.multiline_reversed):
        return None
    if len(open_.lines) == 1 and len(open_.lines[0]) <= 1:
        return None
    return "multiline" if trimmed == options.multiline else "multiline-reversed"


def _inline_markers(options: SpacedRepetition) -> list[tuple[str, Kind]]:
    """The separators within a line, the longer one first, for `:::` holds `::`."""
    markers: list[tuple[str, Kind]] = [(options.inline, "inline"), (options.inline_reversed, "inline-reversed")]
    return sorted((pair for pair in markers if pair[0]), key=lambda pair: -len(pair[0]))


def _inline_kind(line: str, markers: Sequence[tuple[str, Kind]]) -> Kind | None:
    for marker, kind in markers:
        place = line.find(marker)
        if place >= 0 and not _is_inert(line, place, marker):
            return kind
    return None


def _is_inert(line: str, place: int, marker: str) -> bool:
    """Does the separator stand in code (between odd numbers of backticks, as the plugin counts), maths, a comment?"""
    if "`" in line and line.count("`", 0, place) % 2 and line.count("`", place + len(marker)) % 2:
        return True
    return ("$" in line or "<!--" in line) and covers(spans(line), place)


def _after_comment(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and "-->" not in lines[at]:
        at += 1
    return at + 1

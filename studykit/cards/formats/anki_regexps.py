"""The regular expressions that a vault's Obsidian_to_Anki settings give for note types, found in a note's text.

They are written for JavaScript and by anybody, so they are read into the dialect of `regex` and run with a bound on
their time: one that does not come to an end is refused, and said to be. As in the plugin
(https://github.com/ObsidianToAnki/Obsidian_to_Anki, `src/file.ts`), a note may be followed by `Tags: …` and by its id;
what lies within a formula, code or an earlier note is none.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from studykit.locale import _
from studykit.vault.later import later

if TYPE_CHECKING:
    import regex

LONGEST = 1_000_000  # characters of a text that is searched
SECONDS = 0.5  # of one search; thousands of times what an ordinary one takes
STRIKES = 3  # searches that may run out of time before an expression is tried no more
_TAGS, _ID = r"(Tags: .*)", r"\n?(?:<!--)?(?:ID: (\d+).*)"
_TOKEN = later(r"\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\k<\w+>|\\.|\[\^?\]?|\]|\{(?:\d+(?:,\d*)?\})?|.", re.DOTALL)
_KNOWN_ESCAPES = frozenset("sSnrtfv0123456789")
# Only ASCII has words and digits in JavaScript.
_CLASSES = {
    "\\d": "0-9", "\\D": r"\x00-/:-\U0010ffff",
    "\\w": "A-Za-z0-9_", "\\W": r"\x00-/:-@\[-\^`{-\U0010ffff",
}  # fmt: skip
_EDGES = {
    "\\b": "(?:(?<=[A-Za-z0-9_])(?![A-Za-z0-9_])|(?<![A-Za-z0-9_])(?=[A-Za-z0-9_]))",
    "\\B": "(?:(?<=[A-Za-z0-9_])(?=[A-Za-z0-9_])|(?<![A-Za-z0-9_])(?![A-Za-z0-9_]))",
}

_strikes: dict[str, int] = {}


class RegexNote(NamedTuple):
    """One match: what its groups hold, its tags, its id, and where it begins and ends."""

    groups: tuple[str, ...]
    tags: str
    identifier: str
    start: int
    end: int


class Refused(Exception):  # noqa: N818 - a vault's setting is at fault, and its note still makes other cards
    """An expression that cannot be read, or does not come to an end."""


class Taken:
    """Where something stands already: `holds` what lies within one of the ranges, give or take a character."""

    def __init__(self, ranges: Sequence[tuple[int, int]]) -> None:
        ordered = sorted(ranges)
        self.starts = [start for start, _ in ordered]
        self.ends: list[int] = []  # the furthest end of the ranges up to here
        for _start, end in ordered:
            self.ends.append(max(end, self.ends[-1]) if self.ends else end)

    def holds(self, start: int, end: int) -> bool:
        """Does a range that begins before it reach as far as its end?"""
        place = bisect_right(self.starts, start + 1) - 1
        return place >= 0 and self.ends[place] >= end - 1


def notes(text: str, expression: str, taken: list[tuple[int, int]]) -> Iterator[RegexNote]:
    """The notes that `expression` finds, those with an id first; the caller adds to `taken` those that are notes.

    Raises Refused.
    """
    for with_id in (True, False):
        for with_tags in (True, False):
            if (with_id and "ID: " not in text) or (with_tags and "Tags: " not in text):
                continue
            own = f"{expression}{_TAGS if with_tags else ''}{_ID if with_id else ''}"
            held = Taken(taken)
            for groups, start, end in _search(text, own):
                if not held.holds(start, end):
                    rest = list(groups)
                    identifier = rest.pop() if with_id else ""
                    tags = rest.pop().removeprefix("Tags: ") if with_tags else ""
                    yield RegexNote(tuple(rest), tags, identifier, start, end)


def _search(text: str, expression: str) -> list[tuple[tuple[str, ...], int, int]]:
    if _strikes.get(expression, 0) >= STRIKES:
        raise Refused(_("it took too long in other notes"))
    pattern = _compiled(expression)
    if isinstance(pattern, str):
        raise Refused(pattern)
    try:
        found = pattern.finditer(text[:LONGEST], timeout=SECONDS)
        return [(match.groups(default=""), *match.span()) for match in found]
    except TimeoutError as error:
        _strikes[expression] = _strikes.get(expression, 0) + 1
        raise Refused(_("it takes too long")) from error


def unreadable(expression: str) -> str:
    """Why an expression cannot be used at all; '' if it can."""
    pattern = _compiled(expression)
    return pattern if isinstance(pattern, str) else ""


@lru_cache(maxsize=256)
def _compiled(expression: str) -> "regex.Pattern[str] | str":
    """The expression ready for use, or why it cannot be used."""
    import regex

    try:
        return regex.compile(translated(expression), regex.MULTILINE)
    except (regex.error, OverflowError, RecursionError) as error:
        return f"it cannot be read ({error})"


def translated(expression: str) -> str:
    r"""A JavaScript expression in the dialect of `regex`.

    >>> translated(r"(?<front>.*{.*)\/\d[^\d[]")
    '(?<front>.*\\{.*)/[0-9][^0-9\\[]'
    """
    pieces: list[str] = []
    inside = False
    for token in _TOKEN.findall(expression):
        if token[0] == "\\":
            pieces.append(_escape(token, inside=inside))
        elif inside:
            inside = not token.endswith("]")
            pieces.append(f"\\{token}" if token[0] == "[" else token)
        elif token == "[]":
            pieces.append("(?!)")
        elif token == "[^]":
            pieces.append("[\\s\\S]")
        else:
            inside = token[0] == "["
            pieces.append("\\{" if token == "{" else "\\]" if token == "]" else token)
    return "".join(pieces)


def _escape(token: str, *, inside: bool) -> str:
    if token in _CLASSES:
        return _CLASSES[token] if inside else f"[{_CLASSES[token]}]"
    if token in _EDGES:
        return _EDGES[token] if not inside else "\\x08" if token == "\\b" else "B"
    if token.startswith("\\k<"):
        return f"(?P={token[3:-1]})"
    kind = token[1:2]
    if len(token) > 2 or kind in _KNOWN_ESCAPES:
        return token
    return kind if kind.isalnum() or kind == "/" else token

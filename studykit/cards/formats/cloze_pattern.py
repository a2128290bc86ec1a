r"""Cloze patterns as Obsidian's Spaced Repetition plugin lets people write them: `==[123;;]answer[;;hint]==`.

What they mean is set down by ClozeCraft (https://github.com/MotaOcimar/clozecraft), the library that the plugin
uses. A pattern names the answer, an optional hint in brackets and an optional number in brackets. In a text whose
gaps carry numbers, or sequences of `a` (ask), `s` (show) and `h` (hide), only those count.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from studykit.cards.formats.gaps import MOST, Gap
from studykit.vault.later import later

_GROUP = later(r"\[((?:\\[\[\]]|[^\[\]])*)\]")
_KINDS = ("numbered", "sequence", "simple")  # in the order in which they rule a text
_VALUES = {"numbered": r"(?P<seq>\d+)", "sequence": "(?P<seq>[ash]+)"}
_LONGEST_FREE = 2_000  # characters of a line that a pattern of an unusual order is tried on


class Pattern(msgspec.Struct, frozen=True):
    """One pattern, read: a regular expression a kind, and the plain text every match begins and ends with."""

    kinds: dict[str, re.Pattern[str]]
    first: str
    last: str
    is_usual: bool  # the number first and the hint last, or none: matching is then linear

    def matches(self, text: str, kind: str) -> Iterator[re.Match[str]]:
        """Every match of one kind, none within another, in time linear in `text`.

        A line that is too long for a card has none.
        """
        start = 0
        for line in text.split("\n"):
            if len(line) <= (MOST if self.is_usual else _LONGEST_FREE) and self.first in line:
                yield from self._in_line(text, start, start + len(line), kind)
            start += len(line) + 1

    def _in_line(self, text: str, start: int, end: int, kind: str) -> Iterator[re.Match[str]]:
        at = text.find(self.first, start, end)
        limit = text.rfind(self.last, start, end)
        while 0 <= at < limit:
            match = self.kinds[kind].match(text, at, end)
            if match:
                yield match
            at = text.find(self.first, match.end() if match else at + 1, end)


@lru_cache(maxsize=64)
def read_pattern(raw: str) -> Pattern | None:
    """The pattern that `raw` writes; None where it names no answer, number or hint, or begins or ends with nothing.

    >>> found = read_pattern("==[123;;]answer[;;hint]==")
    >>> [match["answer"] for match in found.matches("a ==b== c ==d;;e==", "simple")]
    ['b', 'd']
    """
    groups = list(_GROUP.finditer(raw))
    number = next((group for group in groups if re.search(r"\d", group[1])), None)
    hint = next((group for group in groups if "hint" in group[1] and group is not number), None)
    if number is None or hint is None or "answer" not in raw:
        return None
    marked = sorted((number, hint), key=lambda group: group.start())
    plain = [raw[: marked[0].start()], raw[marked[0].end() : marked[1].start()], raw[marked[1].end() :]]
    answer = next((place for place, text in enumerate(plain) if "answer" in text), None)
    if answer is None:
        return None
    usual = marked[0] is number and answer == 1 and plain[1] == "answer" and bool(plain[2])
    kinds = {kind: _compiled(kind, marked, number, plain) for kind in _KINDS}
    first, last = plain[0].partition("answer")[0], plain[2].rpartition("answer")[2]
    return Pattern(kinds, first, last, usual) if first else None


def _compiled(
    kind: str, marked: Sequence[re.Match[str]], number: re.Match[str], plain: Sequence[str]
) -> re.Pattern[str]:
    fields = [_number(kind, group) if group is number else _hint(group) for group in marked]
    before, between, after = (re.escape(text).replace("answer", "(?P<answer>.+?)", 1) for text in plain)
    return re.compile(f"{before}{fields[0]}{between}{fields[1]}{after}")


def _number(kind: str, group: re.Match[str]) -> str:
    value = _VALUES.get(kind)
    return re.sub(r"\d+", lambda _: value, re.escape(_unescaped(group)), count=1) if value else ""


def _hint(group: re.Match[str]) -> str:
    return f"(?:{re.escape(_unescaped(group)).replace('hint', '(?P<hint>.+?)', 1)})?"


def _unescaped(group: re.Match[str]) -> str:
    return group[1].replace("\\[", "[").replace("\\]", "]")


def gaps(text: str, patterns: Sequence[Pattern]) -> tuple[Gap, ...]:
    """The gaps of a card's text, numbered from 1: by their own numbers, else one pattern after another."""
    for kind in _KINDS:
        matches = [match for pattern in patterns for match in pattern.matches(text, kind)]
        if matches:
            return tuple(_gap(kind, match, place) for place, match in enumerate(matches, 1))
    return ()


def _numbers(kind: str, match: re.Match[str], place: int) -> tuple[int, ...]:
    if kind == "numbered":
        number = int(match["seq"][:9])
        return (number,) if number else ()  # nothing asks what is numbered 0
    return _places(match["seq"], "a") if kind == "sequence" else (place,)


def _places(sequence: str, action: str) -> tuple[int, ...]:
    return tuple(number for number, letter in enumerate(sequence, 1) if letter == action)


def _gap(kind: str, match: re.Match[str], place: int) -> Gap:
    opens, closes = match.span("answer")
    hides = _places(match["seq"], "h") if kind == "sequence" else ()
    return Gap(match.start(), match.end(), opens, closes, match["hint"] or "", _numbers(kind, match, place), hides)

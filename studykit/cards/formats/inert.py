"""Where a text is code, maths or a comment: marks of a card that stand there are none."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from studykit.vault.later import later

_TOKEN = later(r"\\.|`+|\$+|<!--", re.DOTALL)

Spans = Sequence[tuple[int, int]]


def spans(text: str, *, maths: bool = True) -> Spans:
    """The code spans, formulas and comments of `text`, in order; a comment that does not close reaches to the end.

    >>> spans("a `b::c` $d$ e")
    [(2, 8), (9, 12)]
    """
    if not any(mark in text for mark in ("`", "$", "<!--")):
        return ()
    found: list[tuple[int, int]] = []
    tokens = [(match.start(), match[0]) for match in _TOKEN.finditer(text)]
    runs: dict[str, list[int]] = {}
    for start, token in tokens:
        runs.setdefault(token, []).append(start)
    at = 0
    for start, token in tokens:
        if start < at or token[0] == "\\":
            continue
        end = _end(text, start, token, runs) if maths or token[0] != "$" else 0
        if end:
            found.append((start, end))
            at = end
    return found


def covers(inert: Spans, place: int) -> bool:
    """Does `place` lie in one of the spans?"""
    index = bisect_right(inert, (place, len(inert) and inert[-1][1] + 1)) - 1
    return index >= 0 and inert[index][0] <= place < inert[index][1]


def maths_lines(lines: Sequence[str]) -> frozenset[int]:
    """The lines of `$$` blocks. A block that a blank line interrupts is none: of two dollars too many, one is meant."""
    found: set[int] = set()
    opened: int | None = None
    for number, line in enumerate(lines):
        if line.count("$$") % 2:
            found.update(range(opened, number + 1) if opened is not None else ())
            opened = number if opened is None else None
        elif not line.strip():
            opened = None
    return frozenset(found)


def _end(text: str, start: int, token: str, runs: dict[str, list[int]]) -> int:
    """Where what `token` opens is over; 0 if it opens nothing."""
    if token == "<!--":
        closing = text.find("-->", start)
        return closing + 3 if closing >= 0 else len(text)
    if token[0] == "$" and len(token) > 2:
        return 0
    places = runs[token]
    following = bisect_left(places, start + 1)
    if following == len(places):
        return 0
    closing = places[following]
    if token == "$" and not _is_formula(text, start, closing):
        return 0
    return closing + len(token)


def _is_formula(text: str, start: int, closing: int) -> bool:
    """Do the dollars of one line touch what is between them, and does no digit follow, as in `$5 and $10`?"""
    tight = closing > start + 1 and not text[start + 1].isspace() and not text[closing - 1].isspace()
    return tight and not text[closing + 1 : closing + 2].isdigit() and text.find("\n", start, closing) < 0

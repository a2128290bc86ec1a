"""Claims whose number is right, of every family that the note checker knows.

The checker keeps silent about what is right. So each stated number is put wrong on a copy of the note, and what the
checker then says of it (which calculator, which inputs, what it comes to) is a claim, if that is the number that
stood there. Whatever family the checker learns is thus asked about, with nothing to add here.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from studykit.claims.checker import examine
from studykit.claims.finding import Finding, Severity
from studykit.vault.note import Note, parse_note

PASSES = 6
"""Numbers of one line that are looked at; one of each line at a time, so that its inputs stand."""
WRONG_BY = 0.37
"""No slip, prefix or rounding has this factor, so no reading of a note explains it away."""
_STATED = re.compile(
    r"(?<![\w.,/^])(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)(?=\s*(?:[KMGTP]i?B\b|字节|bytes?\b|[KMGTP]?FLOP|%|％|tok|token|ms\b|毫秒"
    r"|s\b|秒|倍|[x×](?![\d ])|[BM]\b|亿|GPU|张|卡|个|节点|nodes?\b|micro))"
)


def right_claims(note: Note) -> Iterator[Finding]:
    """What the checker would say of each right number, as findings at the note's own lines with its own numbers."""
    lines = note.body.split("\n")
    for turn in range(PASSES):
        changed = dict(_changes(lines, turn))
        if not changed:
            return
        yield from _found(note, lines, changed)


def _changes(lines: list[str], turn: int) -> Iterator[tuple[int, re.Match[str]]]:
    """The `turn`-th stated number of each line that has one."""
    for at, line in enumerate(lines):
        numbers = list(_STATED.finditer(line))
        if turn < len(numbers) <= 2 * PASSES:
            yield at, numbers[-1 - turn]  # a result stands behind its inputs


def _found(note: Note, lines: list[str], changed: dict[int, re.Match[str]]) -> Iterator[Finding]:
    copy = list(lines)
    put: dict[int, tuple[str, str]] = {}
    for at, number in changed.items():
        other = put_wrong(number["number"])
        copy[at] = lines[at][: number.start()] + other + lines[at][number.end() :]
        put[at] = other, number["number"]
    wrong = parse_note(note.path, "\n".join(copy).encode("utf-8", "surrogatepass"))
    for finding in examine(wrong).findings:
        at = finding.line - wrong.body_line
        if finding.severity is Severity.WRONG and at in put:
            other, stood = put[at]
            if Counter(re.findall(r"[\d.,]+", finding.stated))[other] == 1:
                stated = finding.stated.replace(other, stood)
                yield replace(finding, line=at + note.body_line, stated=stated, message="")


def put_wrong(number: str) -> str:
    """Another number with as many decimals, far from this one.

    >>> put_wrong("30.4"), put_wrong("1,024"), put_wrong("1"), put_wrong("0")
    ('11.2', '379', '3', '7')
    """
    plain = number.replace(",", "")
    places = len(plain.partition(".")[2])
    value = float(plain)
    for candidate in (value * WRONG_BY, value * 3.1, value + 7):
        text = f"{candidate:.{places}f}"
        if abs(float(text) - value) > value / 2 and float(text):
            return text
    return f"{value + 7:.{places}f}"

"""Breaking mixed Chinese and Latin text into lines by the rules of both.

A line may break between two wide characters, at a space, and between a wide character and a Latin word;
never inside a word that fits a line, never before closing punctuation (，。」）…) and never after an opening
bracket. The character classes follow JIS X 4051 and UAX #14 (classes OP, CL, EX, NS, IS).
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from unicodedata import east_asian_width

from rich.cells import cell_len

Run = tuple[str, str]
"""A piece of text and its style key: names from `palette`, sorted, joined by spaces."""
Line = list[Run]

OPENING = "（【《“‘〈「『〔〖［｛"
CLOSING = "，。、）】》”’〉」』〕〗］｝：；！？％…—～·"
_WIDE = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6"
    "\U0001f300-\U0001faff\U00020000-\U0003fffd"
)
_STICKY = "\u0300-\u036f\u200b-\u200d\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff"
_OPEN = re.escape(OPENING)
_CLOSE = re.escape(CLOSING)
_ATOM = (
    rf"(?:[{_OPEN}] *|[(\[{{](?=[{_WIDE}]))*"  # openers stay with what they open
    rf"(?:[^\S\n]+|[{_WIDE}](?:[{_STICKY}]|(?<=\u200d).)*(?:[,.;:!?)\]}}%]+(?!\w))?|(?:[^\s{_WIDE}{_OPEN}{_CLOSE}]|[’·](?=[A-Za-z]))+|.)"
    rf"(?:(?:(?<=\S) )?[{_CLOSE}])*"  # closers stay with what they close
)


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """Compiled when first needed: these classes take 15 ms, and most questions fit one line."""
    return re.compile(source)


def is_wide(character: str) -> bool:
    """Whether a line break in the source next to this character is no space in the text."""
    return east_asian_width(character) in "WF" or character in OPENING or character in CLOSING


def wrap(runs: Sequence[Run], width: int) -> list[Line]:
    """Lay `runs` out in lines of at most `width` cells (2 at least); a newline in a run ends its line.

    >>> wrap([("气泡率（bubble）是空闲", "")], 12)
    [[('气泡率', '')], [('（bubble）是', '')], [('空闲', '')]]
    """
    width = max(width, 2)
    text = "".join(run[0] for run in runs)
    spans: list[tuple[int, int]] = []
    start = 0
    for paragraph in text.split("\n"):
        if cell_len(paragraph) <= width:
            spans.append((start, start + len(paragraph)))
        else:
            spans.extend(_break(paragraph, start, width))
        start += len(paragraph) + 1
    return _cut(runs, spans)


def _break(text: str, offset: int, width: int) -> Iterable[tuple[int, int]]:
    """Where the lines of one paragraph start and end, counted from `offset`."""
    begin, end, used, at = 0, 0, 0, 0
    for match in _pattern(_ATOM).finditer(text):
        atom, at = match.group(), match.start()
        if atom.isspace():
            used += len(atom) if end > begin else 0
            begin = begin if end > begin else match.end()
            continue
        size = cell_len(atom)
        if used + size > width and end > begin:
            yield offset + begin, offset + end
            begin, used = at, 0
        if size > width:
            *full, at = _chop(text, at, match.end(), width)
            for stop in full:
                yield offset + begin, offset + stop
                begin = stop
            used, size = 0, cell_len(text[begin : match.end()])
        used += size
        end = match.end()
    if end > begin:
        yield offset + begin, offset + end


def _chop(text: str, start: int, end: int, width: int) -> list[int]:
    """Where to cut an atom that is longer than a line; the last number is where its rest begins."""
    cuts: list[int] = []
    used = 0
    for at in range(start, end):
        size = cell_len(text[at])
        if used + size > width and at > start:
            begin = cuts[-1] if cuts else start
            cut = at
            while cut - 1 > begin and (text[cut] in CLOSING or text[cut - 1] in OPENING):
                cut -= 1
            cuts.append(cut)
            used = cell_len(text[cut:at])
        used += size
    return [*cuts, cuts[-1] if cuts else start]


def _cut(runs: Sequence[Run], spans: Iterable[tuple[int, int]]) -> list[Line]:
    """The pieces of `runs` that lie in each span; spans do not overlap and rise."""
    lines: list[Line] = []
    index, base = 0, 0
    for start, end in spans:
        line: Line = []
        while index < len(runs) and base + len(runs[index][0]) <= start:
            base += len(runs[index][0])
            index += 1
        here, at = index, base
        while here < len(runs) and at < end:
            text, style = runs[here]
            if piece := text[max(start - at, 0) : end - at]:
                line.append((piece, style))
            at += len(text)
            here += 1
        lines.append(line)
    return lines


def line_width(line: Line) -> int:
    """The cells a line takes."""
    return sum(cell_len(text) for text, _ in line)

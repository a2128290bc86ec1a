"""The section of related notes that a tool keeps at the end of a note: never part of an answer.

`## 相关笔记 <!-- 自动生成 -->`, or the mark on the next line, or `## Related notes` with `<!-- generated -->`.
It reaches from its heading to the end of its list; what a person writes below that is theirs.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import normalize

from studykit.vault.later import later
from studykit.vault.structure import Heading, Outline

MARK = later(r"<!--\s*(?:自动生成|自動生成|(?:auto(?:matically)?[- ]?)?generated)\b.*?-->", re.IGNORECASE)
_TITLE = later(r"相关笔记|相關筆記|related notes")  # of lower case: every heading of a note is looked at
_ONLY_TITLE = later(rf"[\W_]*(?:{_TITLE.pattern})[\W_]*", re.IGNORECASE)
_ENTRY = later(r"\s*(?:[-*+]|\d+[.)])\s|\s*<!--.*-->\s*$|\s*[*_(]*(?:暂无相关笔记|no related notes)", re.IGNORECASE)


class Tail(NamedTuple):
    """Lines of the body, 0-based: the heading's, and the one after the last that was generated, blank ones included."""

    start: int
    end: int


def generated_tails(outline: Outline) -> tuple[Tail, ...]:
    """Every generated section; a note has one at most, unless a tool went wrong."""
    return tuple(
        Tail(heading.line, _end(outline.lines, heading.end))
        for heading in outline.headings
        if _is_generated(heading, outline.lines)
    )


def _is_generated(heading: Heading, lines: Sequence[str]) -> bool:
    if not _TITLE.search(heading.title.lower()):
        return False
    words = re.sub(r"<!--.*?-->", "", normalize("NFKC", heading.title))
    if not _ONLY_TITLE.fullmatch(words):
        return False
    following = next((lines[n] for n in range(heading.end, len(lines)) if lines[n].strip()), "")
    return bool(MARK.search(heading.title) or MARK.match(following.strip()))


def _end(lines: Sequence[str], start: int) -> int:
    end = start
    for number in range(start, len(lines)):
        line = lines[number]
        indented = line.startswith((" ", "\t")) and end > start
        if line.strip() and not (indented or _ENTRY.match(line)):
            break
        end = number + 1
    return end

"""A body cut at its headings: titles, ancestors, and the text that belongs to each."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from studykit.vault.later import later
from studykit.vault.structure import Heading, Outline
from studykit.vault.tail import Tail

_RULE = later(r" {0,3}(?:-[ \t]*){3,}$|  {0,3}(?:\*[ \t]*){3,}$|  {0,3}(?:_[ \t]*){3,}$")
_SENTENCE_END = tuple("。．.！!？?；;：:，,、…）)”\"'》】")
_LONGEST_TITLE = 80


class Section(msgspec.Struct, eq=False):
    """A heading and its text, which is cut when it is first asked for: most of a note's headings make no card.

    `path` holds the titles of the headings above, the outermost first; `line` is the heading's in the file, from 1.
    `end` is the body line, from 0, of the next heading of its level or above, or that after the last.
    """

    heading: Heading
    path: tuple[str, ...]
    line: int
    _cutter: "Cutter"
    _following: int  # the body line of the next heading, whatever its level
    end: int
    _body: str | None = None
    _own: str | None = None

    @property
    def body(self) -> str:
        """Its text with the sections below it, stripped, without rules (`---`) at its end and what was generated."""
        if self._body is None:
            self._body = self._cutter.text(self.heading.end, self.end)
        return self._body

    @property
    def own(self) -> str:
        """The same up to the next heading of any level."""
        if self._own is None:
            alone = self._following == self.end
            self._own = self.body if alone else self._cutter.text(self.heading.end, self._following)
        return self._own


def is_accidental(heading: Heading, lines: Sequence[str], has_atx: bool) -> bool:
    """Whether a setext heading is text that happens to stand right above a line of `---` or `===`.

    CommonMark makes a heading of any paragraph above such a line. People who mean one underline a short title,
    mostly to its width; people who mean a rule type three dashes, below a sentence or in a note that has `#` headings.
    """
    if not heading.setext:
        return False
    underline = lines[heading.end - 1].strip()
    title = heading.title
    if "\n" in title or len(title) > _LONGEST_TITLE or title.endswith(_SENTENCE_END):
        return True
    return has_atx and underline[0] == "-" and len(underline) <= 3


def real_headings(outline: Outline, tails: Iterable[Tail]) -> tuple[Heading, ...]:
    """The headings that open a section: not the accidental ones, and none that a tool generated."""
    has_atx = any(not heading.setext for heading in outline.headings)
    starts = {tail.start for tail in tails}
    return tuple(
        heading
        for heading in outline.headings
        if heading.line not in starts and not is_accidental(heading, outline.lines, has_atx)
    )


class Cutter:
    """Cuts one body into texts by its lines, leaving out what was generated."""

    def __init__(self, body: str, outline: Outline, tails: Sequence[Tail]) -> None:
        self.body, self.tails = body, tails
        self.lines, self.starts = outline.lines, outline.starts

    def text(self, start: int, end: int) -> str:
        """Lines `start` to before `end` as stripped text, without rules around it."""
        return self.at(start, end)[0]

    def at(self, start: int, end: int) -> tuple[str, int]:
        """The same, and the line on which the text starts (`start` where there is none)."""
        first, last = start, self._last(start, end)
        for tail in reversed(self.tails):
            if start <= tail.start < last <= tail.end:
                last = self._last(start, tail.start)
        while first < last and _is_edge(self.lines[first]):
            first += 1
        kept = self.body[self.starts[first] : self.starts[last] - 1] if first < last else ""
        if any(tail.start < last and tail.end > first for tail in self.tails):
            kept = "\n".join(self._not_generated(first, last))
        return kept.strip(), first if kept else start

    def _last(self, first: int, last: int) -> int:
        while last > first and _is_edge(self.lines[last - 1]):
            last -= 1
        return last

    def _not_generated(self, first: int, last: int) -> Iterator[str]:
        hidden = {number for tail in self.tails for number in range(*tail)}
        return (self.lines[number] for number in range(first, last) if number not in hidden)


def _is_edge(line: str) -> bool:
    return not line or line.isspace() or (line[0] in " -*_" and _RULE.match(line) is not None)


def cut(headings: Sequence[Heading], cutter: Cutter, body_line: int) -> tuple[Section, ...]:
    """One section a heading. `body_line` is the file's line, from 1, on which the body starts."""
    total = len(cutter.lines)
    ends = _ends(headings, total)
    found: list[Section] = []
    above: list[Heading] = []
    for index, heading in enumerate(headings):
        while above and above[-1].level >= heading.level:
            above.pop()
        following = headings[index + 1].line if index + 1 < len(headings) else total
        path = tuple([parent.title for parent in above])
        found.append(Section(heading, path, heading.line + body_line, cutter, following, ends[index]))
        above.append(heading)
    return tuple(found)


def _ends(headings: Sequence[Heading], total: int) -> list[int]:
    """For each heading the line at which one of its level or above follows."""
    ends = [total] * len(headings)
    open_: list[int] = []
    for index, heading in enumerate(headings):
        while open_ and headings[open_[-1]].level >= heading.level:
            ends[open_.pop()] = heading.line
        open_.append(index)
    return ends

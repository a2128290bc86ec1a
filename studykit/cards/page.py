"""A note as the rules see it: its sections with their reach, its plain lines, and what is asked of it already.

Most lines and headings of a note ask nothing, so everything here is made when a rule first wants it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import msgspec

from studykit.cards.card import Kind, Schedule
from studykit.cards.formats.plugins import DEFAULTS, Plugins
from studykit.cards.normal_form import normalise
from studykit.cards.prompt import LONGEST_PROMPT, clean, is_question, may_ask
from studykit.cards.spelling import candidates, which
from studykit.errors import Problem
from studykit.vault.note import Note
from studykit.vault.sections import Section

# Sections whose questions have no answer below them.
ASIDES = (
    "参考文献", "参考资料", "参考资源", "参考链接", "参考", "延伸阅读", "扩展阅读", "相关阅读", "相关链接",
    "相关资源", "练习题", "习题", "练习", "待办", "待解决问题", "目录", "References", "Reference", "Further reading",
    "Links", "Resources", "See also", "Exercises", "Open questions", "To do", "Todo", "Table of contents",
    "Contents",
)  # fmt: skip

LONGEST_FORM = 4_000  # characters by which two prompts are told apart

# Headings repeat, within a note as parents and over a vault as habits.
_clean = lru_cache(maxsize=4096)(clean)


class RuleOptions(msgspec.Struct, frozen=True):
    """Which rules run (a rule not named runs), and the headings that mark an answer (see `answer_section`).

    `plugins` is what the vault's Obsidian plugins are set to. Without `prose` only what is marked as a card is one.
    """

    enabled: Mapping[str, bool] = msgspec.field(default_factory=dict)
    answer_headings: Sequence[str] = ()
    plugins: Plugins = DEFAULTS
    prose: bool = True


class Found(NamedTuple):
    """What a rule found. Lines count from 0 in the note's body; `start` to `end` (exclusive) is what the card covers.

    `main` marks the note's main card; `parent` is the heading above, for the context line. `deck` is the card's own
    where it is not the note's folder, `tags` are its own beside the note's. For the other fields see `Draft`.
    """

    prompt: str
    answer: str
    start: int
    end: int
    parent: str = ""
    main: bool = False
    kind: Kind = "recall"
    explicit_id: str = ""
    key: str = ""
    cloze: int = 0
    deck: str = ""
    tags: tuple[str, ...] = ()
    schedule: Schedule | None = None


class Span(msgspec.Struct, frozen=True):
    """A section and the body lines it takes, from 0, `end` exclusive."""

    section: Section
    start: int
    end: int
    title: str  # the note's

    @property
    def heading(self) -> str:
        """Its heading as written."""
        return self.section.heading.title

    @property
    def prompt(self) -> str:
        """Its heading as a prompt."""
        return _clean(self.heading)

    @property
    def parent(self) -> str:
        """The heading above it as a prompt, '' where that is the note's title."""
        above = _clean(self.section.path[-1]) if self.section.path else ""
        return above if above != self.title else ""


class Page(msgspec.Struct, dict=True, eq=False):  # with a dict, which keeps what is made once
    """One note on its way through the rules."""

    note: Note
    options: RuleOptions
    problems: list[Problem] = msgspec.field(default_factory=list)
    _forms: dict[str, str] = msgspec.field(default_factory=dict)

    @cached_property
    def title(self) -> str:
        """The note's title as a prompt."""
        return clean(self.note.title)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Every section under the title, in order."""
        title = self.title
        return tuple([
            Span(section, section.heading.line, section.end, title)
            for section in self.note.sections
            if not self._is_title(section)
        ])  # fmt: skip

    def headed(self, spellings: Sequence[str]) -> list[tuple[Span, int]]:
        """The sections whose heading is one of these spellings, each with the place of its spelling."""
        spans = [self.spans[place] for place in candidates(self._headings, spellings)]
        return [(span, place) for span in spans if (place := which(span.heading, spellings)) is not None]

    @cached_property
    def _headings(self) -> str:
        """Of `spans`, one a line and of lower case: a look at all of them at once takes less than one at each."""
        return "\n".join([span.heading[:LONGEST_PROMPT].replace("\n", " ") for span in self.spans]).lower()

    def form(self, found: Found) -> str:
        """The normal form of what `found` asks; a long prompt takes time, so each is made once."""
        form = self._forms.get(found.prompt)
        if form is None:
            form = self._forms[found.prompt] = normalise(found.prompt[:LONGEST_FORM])
        return form

    @property
    def lines(self) -> Sequence[str]:
        """The lines of the body."""
        return self.note.outline.lines

    @property
    def size(self) -> int:
        """The number of lines of the body."""
        return len(self.note.outline.lines)

    def text(self, start: int, end: int) -> str:
        """Body lines `start` to before `end`."""
        return "\n".join(self.lines[start:end])

    def lines_with(self, *needles: str) -> list[int]:
        """The body lines that contain one of `needles`, in order; one that begins with a line break begins the line."""
        found: set[int] = set()
        body, starts, size = f"\n{self.note.body}", self.note.outline.starts, self.size
        for needle in needles:
            inside = needle.startswith("\n")
            place = body.find(needle)
            while place >= 0:
                line = bisect_right(starts, place + inside - 1)
                if line > size:
                    break
                found.add(line - 1)
                place = body.find(needle, starts[line])
        return sorted(found)

    def line_at(self, place: int) -> int:
        """The body line (from 0) in which the character `place` of the body stands."""
        return bisect_right(self.note.outline.starts, place) - 1

    def file_line(self, line: int) -> int:
        """A body line (from 0) as a line of the file (from 1)."""
        return self.note.body_line + line

    @cached_property
    def heading_lines(self) -> frozenset[int]:
        """The body lines on which headings start; text above a line of dashes is none (see `vault.sections`)."""
        real = [section.heading.line for section in self.note.sections]
        return frozenset([*real, *(heading.line for heading in self.note.outline.headings if not heading.setext)])

    @cached_property
    def asking(self) -> tuple[int, ...]:
        """The places in `spans` of the headings that ask, by their mark or their words."""
        return tuple([place for place in may_ask(self._headings) if is_question(self.spans[place].prompt)])

    def heading_at(self, line: int) -> str:
        """The heading under which a body line stands, for a heading the one above it; '' under the title alone."""
        place = bisect_right(self._starts, line)
        if not place:
            return ""
        span = self.spans[place - 1]
        return span.parent if span.start == line else span.prompt

    def is_prose(self, line: int) -> bool:
        """Is a body line outside fences and comment blocks?"""
        return not self._blocks[line]

    def is_aside(self, line: int) -> bool:
        """Does a body line stand among references, exercises or things to do?"""
        return bool(self._asides[line])

    def cover(self, start: int, end: int) -> None:
        """Note that a card shows these lines."""
        _mark(self._shown, [(start, end)])

    def is_covered(self, line: int) -> bool:
        """Does a card that was made earlier show this line in its answer?"""
        return bool(self._shown[line])

    @property
    def is_untouched(self) -> bool:
        """Has no card been made so far?"""
        return not any(self._shown)

    @cached_property
    def _blocks(self) -> bytearray:
        comments = ((line, line + text.count("\n") + 1) for line, text in self.note.outline.comments)
        return _mark(bytearray(self.size), [*((f.line, f.end) for f in self.note.outline.fences), *comments])

    @cached_property
    def _asides(self) -> bytearray:
        asides = ((span.start, span.end) for span, _ in self.headed(ASIDES))
        return _mark(bytearray(self.size), asides)

    @cached_property
    def _shown(self) -> bytearray:
        return bytearray(self.size)

    @cached_property
    def _starts(self) -> list[int]:
        return [span.start for span in self.spans]

    def _is_title(self, section: Section) -> bool:
        return section.heading.level == 1 and not section.path and _clean(section.heading.title) == self.title


def _mark(mask: bytearray, ranges: Iterable[tuple[int, int]]) -> bytearray:
    for start, end in ranges:
        end = min(end, len(mask))
        mask[start:end] = b"\1" * max(0, end - start)
    return mask

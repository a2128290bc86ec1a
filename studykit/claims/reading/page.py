"""A note as the checker reads it: its lines, which of them are code, under which heading, and which are silenced."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from itertools import compress
from re import Pattern
from typing import Any, TypeVar, cast

from studykit.claims.finding import Finding, Severity
from studykit.claims.reading.search import beginning, sought, words_in
from studykit.claims.reading.tokens import plainly
from studykit.claims.wording import CLAIM, excerpt, place
from studykit.locale import _
from studykit.vault.later import later
from studykit.vault.note import Note
from studykit.vault.structure import Fence, Heading, line_starts

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_IGNORE = later(r"<!--\s*check:\s*ignore\s*-->")
_PERCENT = later("%")
_PROGRAMS = ("py", "c++", "cpp", "cu", "java", "rust", "go", "sh", "bash", "ts", "js")
# Past the number of a list's item or a heading, which claims nothing.
_DIGIT = later(r"[ \t>]*+(?:#{1,6} ++(?:\d{1,2}\.)*+\d{0,2}+[.、)]?+ |\d{1,2}[.)、](?=[ *]))?+[^0-9０-９]*+[0-9０-９]")
_NUMBERED = later(
    r"[:：=≈＝等\\](?:(?<![等\\])|(?<=等)于|(?<=\\)(?:approx|simeq))[ \t~～约*${&]*(?:\\[a-z]+[ {]*)?[-(]*\d"
)
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789\n"))
_THREE = later(r"\D*+\d[\d.,]*+[^\d.,]\D*+\d[\d.,]*+[^\d.,]\D*+\d")
_BUBBLES = ("气泡", "ubble", "空泡", "流水线效率", "ipeline efficiency")
_QUIET_FENCES = ("mermaid", "diff", "json", "yaml", "toml", "calc", "quiz", "csv")

LONGEST_LINE = 20_000
"""Characters of a line that are looked at: a picture or a data set that somebody pasted makes no claims."""


class Page:
    """Lines are 0-based in the body; `file_line` turns them into the file's, from 1."""

    def __init__(self, note: Note) -> None:
        self.file, self.note = note.path, note
        self.text, self.lines = note.body, note.outline.lines
        if len(self.text) > LONGEST_LINE and max(map(len, self.lines), default=0) > LONGEST_LINE:
            self.lines = [line[:LONGEST_LINE] for line in self.lines]
        self._plain: dict[int, str] = {}
        self._lines_of: dict[str, list[int]] = {}
        self._above: dict[int, list[Heading]] = {}
        self._found: dict[object, dict[object, Any]] = {}
        self._fence_starts = [fence.line for fence in note.outline.fences]
        self._heading_starts = [heading.line for heading in note.outline.headings]

    def file_line(self, line: int) -> int:
        return line + self.note.body_line

    @cached_property
    def about_bubbles(self) -> bool:
        """Whether the note speaks of pipeline bubbles at all; found by plain search, as most notes do not."""
        return bool(self.said(_BUBBLES))

    @cached_property
    def percentages(self) -> list[int]:
        """The lines with a `%`."""
        return self.lines_with(_PERCENT)

    @cached_property
    def numbered(self) -> list[int]:
        """The lines in which a number follows a colon or a sign of equality, found once for all who look there."""
        return self.lines_with(_NUMBERED)

    @cached_property
    def _digits(self) -> list[bytes]:
        """The digits of each line, and nothing else of it; found for all lines at once."""
        text = self.text
        if any(digit in text for digit in "０１２３４５６７８９"):
            text = text.translate(_NARROW)
        return text.encode(errors="replace").translate(None, _NO_DIGITS).split(b"\n")

    @cached_property
    def _figures(self) -> list[int]:
        """The lines with a digit that may claim something: a claim needs one, and most lines have none.

        A plain statement of a program claims nothing; a comment, a percentage or a second sign of equality may.
        """
        lines, has = self.lines, _DIGIT.match
        some = list(compress(range(len(lines)), self._digits))
        found: list[int] = []
        at = 0
        for fence in self.note.outline.fences:
            if fence.info.strip().lower().startswith(_PROGRAMS):
                start = bisect_left(some, fence.line, at)
                found += [number for number in some[at:start] if has(lines[number])]
                at = bisect_left(some, fence.end, start)
                found += [
                    number
                    for number in some[start:at]
                    if (
                        not (line := lines[number]).isascii() or "#" in line or "//" in line or "%" in line
                        or line.count("=") > 1
                    ) and has(line)
                ]  # fmt: skip
        return found + [number for number in some[at:] if has(lines[number])]

    def figures(self, start: int, end: int) -> int:
        """How many lines from `start` to before `end` have a digit and may claim something."""
        return bisect_left(self._figures, end) - bisect_left(self._figures, start)

    @cached_property
    def numeric(self) -> str:
        """The lines with a digit, as one text: what is searched for all forms of claims."""
        lines = self.lines
        return "\n".join([lines[number] for number in self._figures])

    def once(self, find: Callable[["Page", Key], Value], key: Key) -> Value:
        """What `find` finds on the page for a line or a name; asked once, as many look back at the same lines."""
        known = self._found.get(find)
        if known is None:
            known = self._found[find] = {}
        if key not in known:
            known[key] = find(self, key)
        return cast(Value, known[key])

    def has(self, *words: str) -> bool:
        """Whether a line with a digit holds one of the words."""
        text = self.numeric
        for word in words:
            letter, _word = sought(word)
            if letter in text and word in text:
                return True
        return False

    def held(self, words: Iterable[str]) -> list[str]:
        """Those of the words that stand in a line with a digit."""
        return words_in(self.numeric, words)

    def said(self, words: Iterable[str]) -> list[str]:
        """Those of the words that stand anywhere in the note, with a digit on their line or without."""
        return words_in(self.text, words)

    def lines_of(self, word: str) -> list[int]:
        """The lines with a digit that hold the word; looked for once for all who ask, who do not change the list."""
        lines = self._lines_of.get(word)
        if lines is None:
            lines = self._lines_of[word] = self._find(word) if self.has(word) else []
        return lines

    def _find(self, word: str) -> list[int]:
        text, numbers, begins = self.numeric, self._figures, self._begins
        lines: list[int] = []
        at = text.find(word)
        while at >= 0:
            index = bisect_right(begins, at)
            lines.append(numbers[index - 1])
            at = text.find(word, begins[index])
        return lines

    @cached_property
    def dense(self) -> list[int]:
        """The lines with three numbers or more."""
        lines, digits, three = self.lines, self._digits, _THREE.match
        return [line for line in self._figures if len(digits[line]) > 2 and three(lines[line])]

    @cached_property
    def _begins(self) -> list[int]:
        """Where each line of `numeric` begins, and where the next would."""
        return line_starts([self.lines[number] for number in self._figures])

    def lines_with(self, pattern: Pattern[str]) -> list[int]:
        """The lines with a digit in which `pattern` is found; found over all of them, not line by line."""
        start = beginning(pattern)
        if start and not self.has(start):
            return []
        text, numbers, begins, search = self.numeric, self._figures, self._begins, pattern.search
        lines: list[int] = []
        found = search(text)
        while found:
            index = bisect_right(begins, found.start())
            lines.append(numbers[index - 1])
            found = search(text, begins[index])
        return lines

    def finding(
        self, line: int, number: str, severity: Severity, value: float | None, calculator: str, message: str,
        *, suggestion: str = "", inputs: Mapping[str, object] | None = None, stated: str = "", cause: str = "",
    ) -> Finding:  # fmt: skip
        """A finding about `number` as it stands on the line; `stated` is the claim's number where that says more.

        `{claim}` in the message becomes the claim as written.
        """
        source = self.lines[line]
        told = message.replace(CLAIM, excerpt(source, number))
        return Finding(
            self.file, self.file_line(line), place(source, number), severity, source.strip(), stated or number, value,
            calculator, inputs or {}, told, suggestion, cause,
        )  # fmt: skip

    def wrong(
        self, line: int, number: str, value: float, calculator: str, shown: str,
        *, inputs: Mapping[str, object] | None = None, stated: str = "",
    ) -> Finding:  # fmt: skip
        """A wrong number of which no more is to be said than what it is, `shown`."""
        message = _("{claim}: it is {value}").format(claim=CLAIM, value=shown)
        return self.finding(
            line, number, Severity.WRONG, value, calculator, message, suggestion=shown, inputs=inputs, stated=stated
        )

    def fence(self, line: int) -> Fence | None:
        """The code block that holds the line."""
        at = bisect_right(self._fence_starts, line) - 1
        fences = self.note.outline.fences
        return fences[at] if at >= 0 and fences[at].line < line < fences[at].end else None

    def plain(self, line: int) -> str:
        """The line as plain arithmetic, worked out once."""
        found = self._plain.get(line)
        if found is None:
            found = self._plain[line] = plainly(self.lines[line], code=self.fence(line) is not None)
        return found

    def quiet(self, line: int) -> bool:
        """Whether the line is in a block that holds data, or that is checked in its own way."""
        fence = self.fence(line)
        return fence is not None and fence.info.strip().lower().startswith(_QUIET_FENCES)

    def headings(self, line: int) -> list[Heading]:
        """The headings above the line, the innermost first; one list for all the lines of a section."""
        at = bisect_right(self._heading_starts, line) - 1
        if at not in self._above:
            self._above[at] = self._headings(at)
        return self._above[at]

    def _headings(self, at: int) -> list[Heading]:
        found: list[Heading] = []
        while at >= 0:
            heading = self.note.outline.headings[at]
            if not found or heading.level < found[-1].level:
                found.append(heading)
            if heading.level == 1:
                break
            at -= 1
        return found

    def section_start(self, line: int) -> int:
        """The first line below the nearest heading."""
        at = bisect_right(self._heading_starts, line) - 1
        return self.note.outline.headings[at].end if at >= 0 else 0

    def section_end(self, line: int) -> int:
        """The line of the next heading, or the end."""
        at = bisect_right(self._heading_starts, line)
        return self._heading_starts[at] if at < len(self._heading_starts) else len(self.lines)

    @cached_property
    def silenced(self) -> frozenset[int]:
        """Lines with `<!-- check: ignore -->`, and those below one that stands alone."""
        if "check:" not in self.text:
            return frozenset()
        marked: set[int] = set()
        for number, line in enumerate(self.lines):
            if found := _IGNORE.search(line):
                marked.add(number)
                if not (line[: found.start()] + line[found.end() :]).strip():
                    marked.add(number + 1)
        return frozenset(marked)

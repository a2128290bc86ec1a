"""Headings, fences and comments of a body, found by their line forms.

Plain structure is read here; lists, quotes and link definitions that could hide a fence are cut out and handed to
markdown-it-py. Whenever it is not sure that what was cut out ends where it was cut, all the rest is handed on.
The result equals the parser's: tests compare the two on generated text and on whole vaults.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import TYPE_CHECKING

from studykit.vault import line_forms as forms
from studykit.vault.containers import FENCES, list_end, quote_end
from studykit.vault.list_fences import DEPTH, fences_in_list
from studykit.vault.plain_run import plain_run
from studykit.vault.structure import Collected, Comment, Fence, Heading, parse_blocks

if TYPE_CHECKING:
    from markdown_it.token import Token

_INTERRUPTS = frozenset(" \t#`~<>*-+_=0123456789") | {""}
_TOLD = ("#", "`")  # what begins with these is seldom plain
_CLOSED_BY_BLANK = frozenset(
    ["blockquote_close", "paragraph_close", "heading_close", "table_close", "hr", "math_block", "math_block_label"]
)
_LISTS = frozenset(["bullet_list_close", "ordered_list_close"])
_MATH = "$$"
_MARKS = (*FENCES, _MATH)
_MOST_FILLED = 0x10000  # cells that the parser adds to short rows before it ends a table
_equation_label = re.compile(r"\${2}\s*\([^)$\r\n]+\)\s*$").search


class Blocks:
    """One pass over the lines of a body; `starts` are their places in its text (see `Outline`)."""

    def __init__(self, text: str, lines: list[str], starts: list[int]) -> None:
        self.text, self.lines, self.starts, self.total = text, lines, starts, len(lines)
        self.found = Collected()
        self.no_math_from = self.total
        self.no_definition_before = 0

    def run(self) -> Collected:
        """Go from block to block to the end."""
        lines, starts, total, at = self.lines, self.starts, self.total, 0
        while at < total:
            line = lines[at]
            if line[:1] not in _TOLD and (plain := plain_run(self.text, starts[at])):
                at = bisect_right(starts, plain.end(), at) - 1
                continue
            if "|" in line and self._is_table(at):
                at = self._table(at)
            elif (first := line[0]) in " \t":
                at = self._indented(at, line)
            else:
                opener = _OPENERS.get(first)
                # Each returns the line after its block, or 0 where the line only looks like one.
                at = (opener(self, at, line) if opener else 0) or self._paragraph(at)
        return self.found

    def _indented(self, at: int, line: str) -> int:
        if forms.is_code(line):
            return self._code(at)
        opener = _OPENERS.get(line.lstrip(" ")[0])
        return (opener(self, at, line) if opener else 0) or self._paragraph(at)

    def _code(self, at: int) -> int:
        end = at + 1
        for number in range(at + 1, self.total):
            if forms.is_code(self.lines[number]):
                end = number + 1
            elif not forms.is_blank(self.lines[number]):
                break
        return end

    def _paragraph(self, at: int) -> int:
        lines, total, end = self.lines, self.total, at + 1
        while end < total:
            line = lines[end]
            if line[:1] in _INTERRUPTS:
                if forms.is_blank(line):
                    break
                if not forms.is_code(line):
                    if forms.is_underline(line):
                        return self._setext(at, end)
                    if forms.interrupts_paragraph(line) or self._is_table(end):
                        break
            elif "|" in line and self._is_table(end):
                break
            end += 1
        return end

    def _setext(self, at: int, underline: int) -> int:
        level = 1 if "=" in self.lines[underline] else 2
        title = "\n".join(self.lines[at:underline]).strip(forms.TRIMMED)
        self.found.headings.append(Heading(level, title, at, underline + 1, True))
        return underline + 1

    def _heading(self, at: int, line: str) -> int:
        if plain := forms.plain_heading(line):
            self.found.headings.append(Heading(len(plain[1]), plain[2], at, at + 1))
            return at + 1
        match = forms.heading(line)
        if not match:
            return 0
        title = forms.heading_title(line, match.end())
        self.found.headings.append(Heading(len(match[1]), title, at, at + 1))
        return at + 1

    def _fence(self, at: int, line: str) -> int:
        match = forms.fence(line)
        if not match:
            return 0
        marker, info = match[2] or match[4], match[3] if match[2] else match[5]
        last = self._fence_close(at + 1, marker)
        content = self._text(at + 1, last, len(match[1]))
        end = min(last + 1, self.total)
        self.found.fences.append(Fence(info.strip(), content, at, end, 0))
        return end

    def _fence_close(self, start: int, marker: str) -> int:
        text, starts, place = self.text, self.starts, -1
        if start < self.total:
            place = text.find(marker, starts[start])
        while place >= 0:
            number = bisect_right(starts, place) - 1
            line = self.lines[number]
            if not line.strip(" \t").strip(marker[0]) and not forms.is_code(line):
                return number
            place = text.find(marker, starts[number + 1])
        return self.total

    def _text(self, start: int, end: int, indent: int = 0) -> str:
        """Lines as text, each without so much indent; a newline ends the last, unless the body ends without one."""
        if start >= end:
            return ""
        text = self.text[self.starts[start] : self.starts[end]]
        if not indent:
            return text
        return "\n".join([forms.unindent(line, indent) for line in self.lines[start:end]]) + "\n" * text.endswith("\n")

    def _is_table(self, at: int) -> bool:
        return at + 1 < self.total and forms.table_columns(self.lines[at], self.lines[at + 1]) > 0

    def _table(self, at: int) -> int:
        columns = forms.table_columns(self.lines[at], self.lines[at + 1])
        may_overfill = columns * (self.total - at) > _MOST_FILLED
        filled = 0
        for end in range(at + 2, self.total):
            line = self.lines[end]
            if line[:1] != "|" and (
                not line.strip(forms.TRIMMED) or forms.is_code(line) or forms.interrupts_container(line)
            ):
                return end
            if may_overfill:
                filled += columns - len(forms.cells(line))
                if filled > _MOST_FILLED:
                    return end
        return self.total

    def _html(self, at: int, line: str) -> int:
        text = line.lstrip(" ")
        if text.startswith("<!--"):
            end = next((n + 1 for n in range(at, self.total) if "-->" in self.lines[n]), self.total)
            self.found.comments.append(Comment(at, self._text(at, end).strip()))
            return end
        closing = forms.html_end(text)
        if closing is None:
            return 0
        if closing.search(text):
            return at + 1
        on_blank = bool(closing.search(""))
        for number in range(at + 1, self.total):
            if closing.search(self.lines[number].lstrip(" \t")):
                return number if on_blank else number + 1
        return self.total

    def _math(self, at: int, line: str) -> int:
        text = line.strip()
        if not text.startswith("$$"):
            return 0
        if len(text) > 3:
            if text.endswith("$$") or _equation_label(text):
                return at + 1
            if "$$" in text[2:]:
                return 0
        if at >= self.no_math_from:
            return 0
        for number in range(at + 1, self.total):
            line = self.lines[number]
            if "$$" in line and (line.rstrip().endswith("$$") or _equation_label(line)):
                return number + 1
        self.no_math_from = at  # nothing further down closes one either
        return 0

    def _definition(self, at: int, _line: str) -> int:
        """A paragraph that begins with `[` may begin with link definitions."""
        if at < self.no_definition_before:
            return 0
        end = next((n for n in range(at, self.total) if forms.is_blank(self.lines[n])), self.total)
        if not any("]:" in line for line in self.lines[at:end]):
            self.no_definition_before = end
            return 0
        return self._hand_on(at, end, _CLOSED_BY_BLANK)

    def _quote(self, at: int, _line: str) -> int:
        end, sure = quote_end(self.lines, at)
        if sure and not any(mark != _MATH for mark in self._marks_in(at, end)):
            return end
        return self._hand_on(at, end, _CLOSED_BY_BLANK)

    def _list(self, at: int, line: str) -> int:
        if forms.is_rule(line):
            return at + 1
        if not forms.is_marker(line):
            return 0
        end, sure = list_end(self.lines, at, self._is_table)
        if sure and (not (marks := self._marks_in(at, end)) or self._takes_fences(at, end, marks)):
            return end
        return self._hand_on(at, end, _LISTS)

    def _takes_fences(self, at: int, end: int, marks: list[str]) -> bool:
        """Take over the fences of a list that holds `marks`, if they are plain to see and all that it holds."""
        plain = None if "<!--" in marks or _MATH in marks else fences_in_list(self.lines, at, end)
        for info, line, last, indent in plain or ():
            self.found.fences.append(Fence(info, self._text(line + 1, last, indent), line, last + 1, DEPTH))
        return plain is not None

    def _marks_in(self, at: int, end: int) -> list[str]:
        """The marks of fences, comments and formulas that stand in these lines."""
        start, stop = self.starts[at], self.starts[end]
        return [mark for mark in _MARKS if self.text.find(mark, start, stop) >= 0]

    def _hand_on(self, at: int, end: int, closed: frozenset[str] = frozenset()) -> int:
        """Let the parser read lines `at` to `end`, or to the last if its last block might reach beyond."""
        tokens = parse_blocks(self._text(at, end))
        if end < self.total:
            last = next((token for token in reversed(tokens) if not token.level), None)
            open_math = closed is _LISTS and self._math_may_be_open(at, end, tokens)
            if open_math or (last is not None and last.type not in closed):
                return self._hand_on(at, self.total)
        self.found.add(tokens, at)
        return end

    def _math_may_be_open(self, at: int, end: int, tokens: "list[Token]") -> bool:
        """A formula begun in a list item ends wherever its closing dollars are, even behind the list."""
        last = next((n for n in range(end - 1, at - 1, -1) if "$$" in self.lines[n]), None)
        if last is None:
            return False
        maps = [token.map for token in tokens if token.type.startswith("math_block") and token.map]
        return not any(end_line == last + 1 - at for _start, end_line in maps)


# Beside the class and not bound in each object, which would then hold itself and its lines until garbage is collected.
_OPENERS: dict[str, Callable[[Blocks, int, str], int]] = {
    "#": Blocks._heading, "`": Blocks._fence, "~": Blocks._fence, ">": Blocks._quote, "$": Blocks._math,
    "[": Blocks._definition, "<": Blocks._html, "_": Blocks._list, **dict.fromkeys("+*-0123456789", Blocks._list),
}  # fmt: skip

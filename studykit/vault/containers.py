"""Where a list or a quote ends, found without reading what is in it.

What is inside matters only if it holds a code fence or a comment; only then does the parser read it. Both functions
return the line after the container and whether that is sure: if not, the caller must let the parser read further.
"""

import re
from collections.abc import Callable, Sequence

from studykit.vault import line_forms as forms

FENCES = ("```", "~~~", "<!--")
"""Without one of these a list or a quote holds no fence and no comment."""

_NESTS = frozenset("-+*>0123456789")
_WIDEST = 60
_is_deep = re.compile(r"[ \t]*(?:(?:[-+*]|[0-9]{1,9}[.)]|>)[ \t]+){10}").match
"""Beyond either, items might be nested deeper than the parser goes: it then drops all that follows."""

_markers = re.compile(r"[ \t]*(?:(?:[-+*]|[0-9]{1,9}[.)])[ \t]+)*").match


def quote_end(lines: Sequence[str], at: int) -> tuple[int, bool]:
    """The end of a quote that starts at line `at`."""
    for end in range(at + 1, len(lines)):
        text = lines[end].strip(" \t")
        if not text:
            return end, True
        if text[0] != ">":
            after_empty = lines[end - 1].strip(" \t>") == ""
            ends = after_empty or (not forms.is_code(lines[end]) and forms.interrupts_container(lines[end]))
            return (end, True) if ends else (_next_blank(lines, end), False)
    return len(lines), True


def list_end(lines: Sequence[str], at: int, is_table: Callable[[int], bool]) -> tuple[int, bool]:
    """The end of the list, or of several one after another, that starts at line `at`."""
    return _ListWalk(lines, is_table).end(at)


class _ListWalk:
    """Follows the outermost items. `width` is the indent that keeps a line in the item after a blank one."""

    def __init__(self, lines: Sequence[str], is_table: Callable[[int], bool]) -> None:
        self.lines, self.is_table = lines, is_table
        self.width = 0
        self.deep = False
        self.run = -1  # first line not yet checked in a run of lines from an item's start; -1 within other runs

    def end(self, at: int) -> tuple[int, bool]:
        lines, total = self.lines, len(self.lines)
        sure, blank, end = self._item(at), False, at + 1
        while sure and end < total:
            line = lines[end]
            if not line or forms.is_blank(line):
                blank = True
            elif (indent := forms.columns(line)) >= self.width:
                if blank:
                    self.run = -1
                sure, blank = indent < _WIDEST or not self._is_deep(line), False
            elif blank or (indent < 4 and forms.interrupts_container(line)):
                if not forms.is_marker(line) or forms.is_rule(line):
                    return end, True
                sure, blank = self._item(end), False
            else:  # text at the margin: it continues a paragraph of the item, or else stands after the list
                sure = self._in_paragraph(end) and not self._may_be_table(end) and indent < 4
            end += 1
        return (end, True) if sure else (total if self.deep else self._outside(end), False)

    def _item(self, at: int) -> bool:
        """Enter an item; False if its indent is not plain to see."""
        line = self.lines[at]
        match = forms.item(line)
        if match is None:
            self.deep = _is_deep(line) is not None
            return False
        self.width, self.run = match.end(), at
        self.deep = line[self.width] in _NESTS and _is_deep(line) is not None
        return not (self.deep or ("|" in line and self.is_table(at)))

    def _is_deep(self, line: str) -> bool:
        self.deep = forms.is_marker(line.lstrip(" \t")) is not None
        return self.deep

    def _may_be_table(self, at: int) -> bool:
        """A list goes on over what would be the head of a table elsewhere."""
        return "|" in self.lines[at] and self.is_table(at)

    def _in_paragraph(self, end: int) -> bool:
        """Whether all lines from the item's start to before `end` are text."""
        if self.run < 0 or not all(map(_is_text, self.lines[self.run : end])):
            return False
        self.run = end
        return True

    def _outside(self, end: int) -> int:
        """The next line that no item can hold: after a blank one, indented by less than any item's text."""
        lines = self.lines
        for number in range(max(end, 1), len(lines)):
            line = lines[number]
            at_margin = line and forms.is_blank(lines[number - 1]) and not line.startswith(("  ", "\t", " \t"))
            if at_margin and not forms.is_blank(line) and not self._may_be_table(number):
                return number
        return len(lines)


def _is_text(line: str) -> bool:
    match = _markers(line)
    text = line[match.end() if match else 0 :]
    if not text or text[0] in ">`~<$[|=" or "|" in text:
        return False
    return not (
        forms.is_marker(text)
        or forms.is_rule(text)
        or forms.heading(text)
        or forms.is_underline(text)
        or forms.is_code(text)
    )


def _next_blank(lines: Sequence[str], start: int) -> int:
    return next((end for end in range(start, len(lines)) if forms.is_blank(lines[end])), len(lines))

"""What a single line can open, close or interrupt, by CommonMark's rules as markdown-it-py applies them."""

import re
from collections.abc import Sequence

TRIMMED = "\t\n\x0b\x0c\r \u00a0\u1680\u202f\u205f\u3000\u2028\u2029" + "".join(map(chr, range(0x2000, 0x200B)))
"""What is stripped from the text of a heading or a table cell: white space as markdown-it-py 4.3 counts it."""

is_code = re.compile(r" {4}| {0,3}\t").match
"""Indented by four columns: code at the start of a block, plain continuation within a paragraph."""

heading = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)").match
plain_heading = re.compile(r"(#{1,6}) ([^\s#](?:[^#]*[^\s#])?)").fullmatch
"""A heading without an indent and without a `#` in its title, as nearly all are: its marks and its title."""

fence = re.compile(r"( {0,3})(?:(`{3,})([^`]*)|(~{3,})(.*))$", re.DOTALL).match
is_rule = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$").match
is_underline = re.compile(r" {0,3}(?:-+|=+)[ \t]*$").match
item = re.compile(r" {0,3}(?:[-+*]|[0-9]{1,9}[.)]) {1,4}(?=[^ \t])").match
"""A list item with text beside its marker; the match ends where the text, and the item's indent, begins."""

is_marker = re.compile(r" {0,3}(?:[-+*]|[0-9]{1,9}[.)])(?:[ \t]|$)").match
_interrupting_item = re.compile(r" {0,3}(?:[-+*]|0{0,8}1[.)])[ \t]+[^ \t]").match
_delimiter_row = re.compile(r" {0,3}(?:[|:][-:| \t]|-[-:|])[-:| \t]*$").match
_delimiter = re.compile(r":?-+:?").fullmatch
_bar = re.compile(r"(?<!\\)\|")


def is_blank(line: str) -> bool:
    """Whether a line holds nothing but spaces and tabs, which is what CommonMark calls blank."""
    return not line.strip(" \t")


def columns(line: str) -> int:
    """The width of the line's indent, tabs reaching to the next multiple of four."""
    if line[:1] not in " \t":
        return 0
    rest = line.lstrip(" \t")
    indent = line[: len(line) - len(rest)]
    return len(indent.expandtabs(4)) if "\t" in indent else len(indent)


def unindent(line: str, width: int) -> str:
    """The line without `width` columns of indent; of a tab that reaches further, the rest stays as spaces."""
    column = at = 0
    while at < len(line) and column < width and line[at] in " \t":
        column += 4 - column % 4 if line[at] == "\t" else 1
        at += 1
    return " " * (column - width) + line[at:]


def heading_title(line: str, start: int) -> str:
    """The text of a `#` heading from `start` on, without the closing `#`s."""
    text = line[start:].rstrip(" \t")
    shorter = text.rstrip("#")
    return (shorter if shorter.endswith((" ", "\t")) else text).strip(TRIMMED)


def interrupts_paragraph(line: str) -> bool:
    """Whether a line that is neither blank nor indented ends the paragraph before it (tables apart)."""
    mark = line.lstrip(" ")[0]
    if mark in "-+*0123456789":
        return bool(_interrupting_item(line) or is_rule(line))
    return _interrupts(mark, line)


def interrupts_container(line: str) -> bool:
    """The same after a quote, a table or a list item, which any list marker ends."""
    return bool(is_marker(line)) or _interrupts(line.lstrip(" ")[0], line)


def _interrupts(mark: str, line: str) -> bool:
    if mark == "#":
        return heading(line) is not None
    if mark in "`~":
        return fence(line) is not None
    if mark in "-*_":
        return is_rule(line) is not None
    return mark == ">" or (mark == "<" and html_end(line.lstrip(" "), interrupting=True) is not None)


def html_end(text: str, *, interrupting: bool = False) -> "re.Pattern[str] | None":
    """What ends the HTML block that a text opens (`^$`: a blank line), or None if it opens none."""
    from markdown_it.rules_block.html_block import HTML_SEQUENCES

    for opening, closing, may_interrupt in HTML_SEQUENCES:
        if opening.match(text):
            return closing if may_interrupt or not interrupting else None
    return None


def table_columns(header: str, below: str) -> int:
    """The number of columns if two lines open a table, or 0."""
    if "|" not in header or not _delimiter_row(below) or is_code(header) or is_code(below):
        return 0
    width = len(cells(header))
    parts = [part.strip(TRIMMED) for part in below.strip(" \t").split("|")]
    outer = parts[(not parts[0]) : len(parts) - (len(parts) > 1 and not parts[-1])]
    return width if width == len(outer) and all(map(_delimiter, outer)) else 0


def cells(line: str) -> Sequence[str]:
    """A table row cut at its bars, without the empty pieces outside the outer ones."""
    found = _bar.split(line.strip(TRIMMED))
    if found and not found[0]:
        found.pop(0)
    if found and not found[-1]:
        found.pop()
    return found

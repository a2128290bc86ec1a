"""A row of a table marked `<!-- cards -->` → its cells, asked by the first."""

import re
from collections.abc import Iterator

from studykit.cards.answer import answers
from studykit.cards.page import Found, Page
from studykit.vault.later import later

_MARK = later(r"<!--\s*cards\s*-->\s*", re.IGNORECASE)
_RULER = later(r"[ ]{0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")


def find(page: Page) -> Iterator[Found]:
    """A card for every row below a mark."""
    for line, text in page.note.outline.comments:
        if _MARK.fullmatch(text):
            yield from _rows(page, line + 1)


def _rows(page: Page, start: int) -> Iterator[Found]:
    """The rows of the table that begins at `start`, blank lines before it skipped."""
    lines = page.lines
    while start < page.size and not lines[start].strip():
        start += 1
    if start + 2 >= page.size or not _RULER.fullmatch(lines[start + 1]):
        return
    names = cells(lines[start])
    if len(names) < 2 or len(cells(lines[start + 1])) != len(names):
        return
    for number in range(start + 2, page.size):
        if not lines[number].strip() or number in page.heading_lines or not page.is_prose(number):
            return
        if found := _row(page, page.text(start, start + 2), names, number):
            yield found


def _row(page: Page, head: str, names: list[str], number: int) -> Found | None:
    row = page.lines[number]
    first, *others = [*cells(row), *[""] * len(names)][: len(names)]
    if not first or not any(answers(cell, 1) for cell in others):
        return None
    asked = " / ".join(name for name in names[1:] if name)
    answer = others[0] if len(names) == 2 else f"{head}\n{row}"
    return Found(f"{first} — {asked}" if asked else first, answer, number, number + 1, page.heading_at(number))


def cells(row: str) -> list[str]:
    r"""The cells of a table row; `\|` is no border.

    >>> cells(r"| a \| b | `c` |")
    ['a \\| b', '`c`']
    """
    row = row.strip()
    if row.startswith("|"):
        row = row[1:]
    pieces, start, escaped = [], 0, False
    for place, char in enumerate(row):
        if char == "|" and not escaped:
            pieces.append(row[start:place].strip())
            start = place + 1
        escaped = char == "\\" and not escaped
    rest = row[start:].strip()
    return [*pieces, rest] if rest or not pieces else pieces

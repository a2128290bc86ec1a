"""Tables of a note, in Markdown or in columns of a code block, as rows of cells with their lines."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from studykit.claims.reading.amounts import Amount, Reading, read_amount
from studykit.claims.reading.page import Page
from studykit.claims.reading.search import sought
from studykit.claims.reading.tokens import plainly, tokenise
from studykit.vault.later import later
from studykit.vault.structure import Fence

_DASHES = later(r"\|[ \t]*:?-{2,}")
_COLUMNS = later(r"(?=[\t |│])(?:\t+| *[|│] *| {2,})")
_LEADING = later(r"^[\s~≈约∼<>≤≥+$`*_]+")
_PLAIN = ("", "text", "txt", "plain", "plaintext", "output", "console", "markdown")
MOST_ROWS = 200


class Row(NamedTuple):
    """A row of cells in plain text, and its line in the body."""

    cells: list[str]
    line: int


class Grid(NamedTuple):
    """A table: the header's cells, the rows, and the line of the header."""

    header: list[str]
    rows: list[Row]
    line: int


def markdown_grids(page: Page, words: Sequence[str] = ()) -> Iterator[Grid]:
    """Every Markdown table outside code; with `words`, those whose header holds one of them."""
    for line in page.once(_headers_from, 0):
        if not words or any(word in page.lines[line] for word in words):
            yield page.once(_grid, line)


def _headers_from(page: Page, start: int) -> list[int]:
    """The headers of tables from a line on, in order."""
    return [line for line in _headers(page) if line >= start]


def _grid(page: Page, line: int) -> Grid:
    return Grid(_cells(page.lines[line]), list(_rows(page, line + 2)), line)


def _headers(page: Page) -> Iterator[int]:
    """The lines above a delimiter row, which has no digit and so is looked for in the whole text."""
    text, at, line, last = page.text, 0, 0, -1
    for found in _DASHES.finditer(text):
        line += text.count("\n", at, found.start())
        at = found.start()
        if last < line < len(page.lines) and _is_table(page, line):
            yield line - 1
        last = line


def _is_table(page: Page, line: int) -> bool:
    return line > 0 and "|" in page.lines[line - 1] and _is_delimiter(page.lines[line]) and page.fence(line) is None


def _begins(page: Page, number: int) -> bool:
    """Whether another table begins: a delimiter row stands here."""
    line = page.lines[number] if number < len(page.lines) else ""
    return "--" in line and "|" in line and _is_delimiter(line)


def _is_delimiter(line: str) -> bool:
    return len(line) < 1000 and not line.strip(" \t|:-")


def _rows(page: Page, line: int) -> Iterator[Row]:
    for number in range(line, min(len(page.lines), line + MOST_ROWS)):
        if "|" not in page.lines[number] or _begins(page, number + 1):
            return
        yield Row(_cells(page.lines[number]), number)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in plainly(line.strip().strip("|")).replace("`", "").split("|")]


def fenced_grids(page: Page, words: Sequence[str] = ()) -> Iterator[Grid]:
    """Every run of lines in a code block that is set in as many columns; with `words`, those below a line with
    one, in blocks that are no program."""
    for fence in page.note.outline.fences:
        end = min(fence.end - 1, len(page.lines))
        done = 0
        if words and (fence.info.strip().lower() not in _PLAIN or page.figures(fence.line, end) < 2):
            continue
        for line in _with_words(fence, words) if words else range(fence.line + 1, end):
            grid = _aligned(page, line, end) if done <= line < end else None
            if grid:
                done = grid.rows[-1].line + 1
                yield grid


def _with_words(fence: Fence, words: Sequence[str]) -> list[int]:
    """The lines of a block that hold one of the words, found by plain search, as most blocks hold none."""
    found: set[int] = set()
    for letter, word in map(sought, words):
        at, line, counted = fence.content.find(word) if letter in fence.content else -1, fence.line + 1, 0
        while at >= 0:
            line += fence.content.count("\n", counted, at)
            counted = at
            found.add(line)
            at = fence.content.find("\n", at)
            at = fence.content.find(word, at) if at >= 0 else -1
    return sorted(found)


def _aligned(page: Page, start: int, end: int) -> Grid | None:
    """The grid whose header is the line `start`, up to the first line that has another number of columns."""
    header = _columns(page.lines[start])
    if len(header) < 3:
        return None
    rows: list[Row] = []
    for at in range(start + 1, min(end, start + MOST_ROWS)):
        cells = _columns(page.lines[at])
        if len(cells) == len(header):
            rows.append(Row(cells, at))
        elif page.lines[at].strip("-─━═╪┼├┤+=|│ \t"):
            break
    return Grid(header, rows, start) if len(rows) >= 2 else None


def _columns(line: str) -> list[str]:
    if "  " not in line and "\t" not in line and "|" not in line and "│" not in line:
        return []
    return [cell for cell in _COLUMNS.split(plainly(line.strip(" \t|│"), code=True)) if cell]


def cell_amount(cell: str) -> Amount | None:
    """The number a cell begins with, if it holds one number only.

    >>> cell_amount("约 17.9%").percent, cell_amount("Top-2"), cell_amount("4-8")
    (True, None, None)
    """
    tokens = tokenise(_LEADING.sub("", cell)[:60])
    numbers = [token for token in tokens if token.kind == "number"]
    if len(numbers) != 1 or tokens[0].kind != "number":
        return None
    found = read_amount(tokens, 0)
    if found is None or any(token.kind in ("operator", "other") for token in tokens[found[1] :]):
        return None
    return found[0]


def plain_value(amount: Amount) -> float:
    """The amount in base units, decimal."""
    return amount.value(Reading())

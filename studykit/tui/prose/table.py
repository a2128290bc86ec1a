"""Tables drawn to fit a width: columns shrink from the widest, cells wrap, and a table too narrow becomes a list."""

from collections.abc import Sequence

from studykit.tui.prose.inline import style_key
from studykit.tui.prose.symbols import Symbols
from studykit.tui.prose.wrap import Line, Run, line_width, wrap

Cell = list[Run]
NARROWEST = 6
"""Cells below which a column cannot be read; then the rows are shown one cell a line."""


def table_lines(rows: Sequence[Sequence[Cell]], aligns: Sequence[str], width: int, signs: Symbols) -> list[Line]:
    """The lines of a table whose first row is its head; `aligns` holds left, right, center or '' a column."""
    columns = max((len(row) for row in rows), default=0)
    if not columns:
        return []
    full = [[*row, *([] for _ in range(columns - len(row)))] for row in rows]
    sizes = column_widths([[_natural(cell) for cell in row] for row in full], width - 3 * (columns - 1))
    if not sizes:
        return _as_list(full, width)
    wrapped = [[wrap(cell, size) for cell, size in zip(row, sizes, strict=True)] for row in full]
    folded = any(len(cell) > 1 for row in wrapped[1:] for cell in row)
    lines: list[Line] = []
    for number, row in enumerate(wrapped):
        if number == 1 or (folded and number > 1):
            style = "table-rule" if number == 1 else "table-rule dim"
            lines.append([((signs.rule + signs.cross + signs.rule).join(signs.rule * size for size in sizes), style)])
        lines.extend(_row(row, sizes, aligns, signs, head=number == 0))
    return lines


def column_widths(natural: Sequence[Sequence[int]], room: int) -> list[int]:
    """How wide each column is: its widest cell where all fit, else the widest ones share what is left.

    `natural` holds the cells each cell of each row wants. Empty if some column would be under `NARROWEST`.

    >>> column_widths([[4, 40, 6]], 30)
    [4, 20, 6]
    """
    wanted = [max(max(column), 1) for column in zip(*natural, strict=True)]
    if sum(wanted) <= room:
        return wanted
    sizes = [0] * len(wanted)
    left, pending = room, sorted(range(len(wanted)), key=lambda column: wanted[column])
    for position, column in enumerate(pending):
        sizes[column] = min(wanted[column], left // (len(pending) - position))
        left -= sizes[column]
    narrow = any(size < min(NARROWEST, want) for size, want in zip(sizes, wanted, strict=True))
    return [] if narrow else sizes


def _natural(cell: Cell) -> int:
    return max((line_width(line) for line in wrap(cell, 10_000)), default=0)


def _row(cells: list[list[Line]], sizes: list[int], aligns: Sequence[str], signs: Symbols, *, head: bool) -> list[Line]:
    lines: list[Line] = []
    for number in range(max(len(cell) for cell in cells)):
        line: Line = []
        for column, (cell, size) in enumerate(zip(cells, sizes, strict=True)):
            if column:
                line.append((f" {signs.column} ", "table-rule"))
            text = cell[number] if number < len(cell) else []
            line.extend(_aligned(text, size, aligns[column] if column < len(aligns) else "", head=head))
        lines.append(line)
    return lines


def _aligned(text: Line, size: int, align: str, *, head: bool) -> Line:
    spare = max(size - line_width(text), 0)
    before = {"right": spare, "center": spare // 2}.get(align, 0)
    body = [(piece, style_key([*style.split(), "table-head"])) for piece, style in text] if head else text
    return [(" " * before, ""), *body, (" " * (spare - before), "")]


def _as_list(rows: list[list[Cell]], width: int) -> list[Line]:
    """Each row as `head: cell` lines, with an empty line between rows."""
    head, *body = rows
    lines: list[Line] = []
    for row in body or [head]:
        if lines:
            lines.append([])
        for name, cell in zip(head, row, strict=True):
            label = [(text, style_key([*style.split(), "table-head"])) for text, style in name]
            runs = [*label, (": ", "table-head"), *cell] if body else list(cell)
            lines.extend(wrap(runs, width))
    return lines

"""Tables of bubbles: P by M, or a row for each configuration.

Which way round a table is, and by which convention, is learned from the table: the reading that most of its cells
agree with. Only a table whose cells mostly agree is judged, and then the others are wrong.
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from studykit.claims.bubbles.subject import SUBJECT, scenery
from studykit.claims.finding import Report, Severity, Statement
from studykit.claims.judging.agreement import PLAIN, ROUNDED, Agreement, agree
from studykit.claims.judging.bubble import CALCULATOR, IDEAL, TOTAL, Size, ratio
from studykit.claims.reading.amounts import Amount
from studykit.claims.reading.grids import Grid, cell_amount, fenced_grids, markdown_grids
from studykit.claims.reading.page import Page
from studykit.claims.reading.surroundings import Surroundings, given_on
from studykit.claims.wording import percent, place
from studykit.locale import _
from studykit.vault.later import later

_EFFICIENCY = later(r"效率|利用率|efficiency|utili", re.IGNORECASE)
_COUNT = later(r"^(?:PP?|M|m|p|pp|V|VP)?\s*=?\s*(\d{1,6})$")
_CORNER = later(r"P|M|stage|micro|级|微批", re.IGNORECASE)
_SYMBOLS = {
    "P": later(
        r"^(?:PP?|pp?|(?:pipeline )?stages?|流水线?阶段数?|阶段数?|流水线?级数|级数|流水线深度|深度"
        r"|pipeline (?:depth|size))"
        r"(?: ?\(?\$?P\$?\)?)?$", re.IGNORECASE,
    ),
    "M": later(r"^(?:M|m|micro-?batch(?:es)?(?:数量?| count)?|微批次?数?量?)(?: ?\(?\$?M\$?\)?)?$", re.IGNORECASE),
    "V": later(r"^(?:V|VP|VPP|v|chunks?|虚拟级数|virtual stages?)(?: ?\(?\$?V\$?\)?)?$"),
}  # fmt: skip
_OTHER = later(r"ZB|[Zz]ero|DualPipe|Chimera|零气泡")


class Cell(NamedTuple):
    """A number of the table and the size it should be about."""

    amount: Amount
    case: Size
    line: int
    text: str


class Sense(NamedTuple):
    """One way to read a table."""

    convention: str
    efficiency: bool
    scale: float


def check(page: Page, around: Surroundings) -> Report:
    """Every table of the note that is about bubbles."""
    report = Report()
    for grid in (*markdown_grids(page), *fenced_grids(page)):
        subject = _subject(page, grid)
        if SUBJECT.search(subject) and not _OTHER.search(subject):
            _judge(page, grid, around, bool(_EFFICIENCY.search(subject)), report)
    return report


def _subject(page: Page, grid: Grid) -> str:
    lines = page.lines[max(0, grid.line - 4) : grid.line]
    return "\n".join([scenery(page, grid.line, ""), *lines, *grid.header])


def _judge(page: Page, grid: Grid, around: Surroundings, efficiency: bool, report: Report) -> None:
    """Judges the table as one of P by M, either way round, or else its columns of ratios one by one."""
    crossed = [list(_cells(grid, around, swapped)) for swapped in (False, True)]
    if any(crossed):
        _judge_cells(page, crossed, (False, True) if efficiency else (False,), report)
        return
    for index, header in enumerate(grid.header):
        if _is_ratio(header):
            effective = bool(_EFFICIENCY.search(header)) and not SUBJECT.search(header)
            _judge_cells(page, [list(_long_cells(grid, around, index))], (effective,), report)


def _judge_cells(page: Page, candidates: list[list[Cell]], efficiencies: tuple[bool, ...], report: Report) -> None:
    """Takes the reading that most cells agree with, and reports the others if these are few."""
    right, sense, cells = 0, Sense(TOTAL, False, 1.0), list[Cell]()
    for found in candidates:
        for convention, effective in product((TOTAL, IDEAL), efficiencies):
            reading = Sense(convention, effective, _scale(found))
            agreeing = sum(_agrees(cell, reading) is not Agreement.WRONG for cell in found)
            if agreeing > right:
                right, sense, cells = agreeing, reading, found
    if right < 2 or right < 0.6 * len(cells):
        return
    report.checked += len(cells)
    for cell in cells:
        _report(page, cell, sense, report)


def _cells(grid: Grid, around: Surroundings, swapped: bool) -> Iterator[Cell]:
    """The cells of a P by M table; with `swapped` the columns are P."""
    columns = [_COUNT.match(cell) for cell in grid.header[1:]]
    if len([column for column in columns if column]) < 2 or not _CORNER.search(
        grid.header[0] + "".join(grid.header[1:])
    ):
        return
    chunks = around.near(grid.line, 0, symbols="V").get("V", 1)
    for row in grid.rows:
        name = _COUNT.match(row.cells[0])
        if name:
            for column, text in zip(columns, row.cells[1:], strict=False):
                amount = cell_amount(text)
                if column and amount:
                    first, second = int(name[1]), int(column[1])
                    case = Size(second, first, chunks) if swapped else Size(first, second, chunks)
                    if 2 <= case.stages <= 1024 and case.microbatches:
                        yield Cell(amount, case, row.line, text)


def _long_cells(grid: Grid, around: Surroundings, column: int) -> Iterator[Cell]:
    """The cells of a table with a column for the bubble and columns, or a context, for P and M."""
    at = {
        symbol: index for symbol, name in _SYMBOLS.items() for index, cell in enumerate(grid.header) if name.match(cell)
    }
    if not at:
        return
    near = {**around.near(grid.line, 0), **{each.symbol: each.value for each in given_on(grid.header[column])}}
    for row in grid.rows:
        found = dict(near)
        for symbol, index in at.items():
            count = _COUNT.match(row.cells[index]) if index < len(row.cells) else None
            found[symbol] = int(count[1]) if count else 0
        text = row.cells[column] if column < len(row.cells) else ""
        amount = cell_amount(text) if text else None
        if amount and found.get("P", 0) >= 2 and found.get("M") and found.get("V", 1):
            yield Cell(amount, Size(found["P"], found["M"], found.get("V", 1)), row.line, text)


def _is_ratio(header: str) -> bool:
    return bool(SUBJECT.search(header) or _EFFICIENCY.search(header)) and not re.search(
        r"时间|time|slots|降|减|改进", header
    )


def _scale(cells: list[Cell]) -> float:
    """1 for a table of fractions, 0.01 for one of percentages, with or without the sign."""
    return 1.0 if all(cell.amount.literal <= 1 and not cell.amount.percent for cell in cells) else 0.01


def _exact(cell: Cell, sense: Sense) -> float:
    value = ratio(cell.case, sense.convention)
    return 1 - value if sense.efficiency else value


def _agrees(cell: Cell, sense: Sense) -> Agreement:
    exact = _exact(cell, sense)
    allowed = ROUNDED if cell.text.startswith(("~", "约", "≈")) else PLAIN
    return agree(exact, cell.amount.literal * sense.scale, cell.amount.step * sense.scale, allowed)


def _report(page: Page, cell: Cell, sense: Sense, report: Report) -> None:
    agreement = _agrees(cell, sense)
    exact = _exact(cell, sense)
    source = page.lines[cell.line]
    column = place(source, cell.text)
    inputs = tuple(zip(("P", "M", "V"), cell.case, strict=True))
    report.statements.append(Statement(
        "efficiency" if sense.efficiency else "bubble", inputs, cell.amount.literal * sense.scale,
        cell.amount.step * sense.scale, page.file, page.file_line(cell.line), column, source.strip(), cell.text,
        agreement is Agreement.RIGHT and sense.convention == TOTAL,
    ))  # fmt: skip
    if agreement is Agreement.RIGHT:
        return
    severity = Severity.WRONG if agreement is Agreement.WRONG else Severity.IMPRECISE
    message = _(
        "{stated} in the row and column of P={stages}, M={microbatches}: {value} ({convention} convention)"
    ).format(
        stated=cell.text,
        stages=cell.case.stages,
        microbatches=cell.case.microbatches,
        value=percent(exact),
        convention=sense.convention,
    )
    given = cell.case.inputs(sense.convention)
    report.findings.append(
        page.finding(
            cell.line, cell.text, severity, exact, CALCULATOR, message, suggestion=percent(exact), inputs=given
        )
    )

"""Tables of three rows in which a column follows from others: the factor of two columns, or their total.

With so few rows nothing is learned but what the heading promises, and two rows must keep it for the third to be wrong.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from studykit.calculators.figures import rounded
from studykit.claims.finding import Report
from studykit.claims.reading.amounts import Amount
from studykit.claims.reading.grids import Grid, cell_amount, markdown_grids, plain_value
from studykit.claims.reading.labelled import dimension
from studykit.claims.reading.page import Page
from studykit.vault.later import later

CALCULATOR = "table"
_WORDS = ("加速", "提升", "倍", "比", "总", "合计", "peed", "atio", "otal")
_FACTOR = later(r"加速|提升|倍|压缩比|[Ss]peed-?[Uu]p|[Rr]atio")
_TOTAL = later(r"^(?:总|合计|总计|总内存|总显存|总时间|总延迟|总耗时|[Tt]otal.*)$")
_PEAK = later(r"峰值|[Pp]eak|理论|[Mm]ax")
_OF_PEAK = later(r"峰值比|占峰值|[Oo]f peak|利用率|[Uu]tili[sz]ation|效率")
_ASIDE = later(r"\s*[（(][^（）()]*[)）]$")
_NEAR = 0.04
_ROWS = 3


class Wrong(NamedTuple):
    """A row whose result does not follow, and what would, in the result's unit."""

    line: int
    stated: str
    value: float


def check(page: Page) -> Report:
    """Every short table with a factor or a total of its other columns."""
    report = Report()
    for grid in markdown_grids(page, _WORDS):
        if len(grid.rows) != _ROWS or not 3 <= len(grid.header) <= 8:
            continue
        for at in range(2, len(grid.header)):
            if _FACTOR.search(grid.header[at]):
                _judge(page, grid, at, [at - 2, at - 1], _ratio, report)
            elif _TOTAL.match(grid.header[at].strip("* ")):
                parts = list(range(1, at))
                _judge(page, grid, at, parts, sum, report)
    return report


def _ratio(values: list[float]) -> float:
    return max(values) / min(values)


def _judge(
    page: Page, grid: Grid, at: int, columns: list[int], gives: Callable[[list[float]], float], report: Report
) -> None:
    rows = list(_rows(grid, at, columns))
    if len(rows) != _ROWS:
        return
    wrong: list[Wrong] = []
    for line, stated, result, parts in rows:
        values = [plain_value(each) for each in parts]
        exact = gives(values)
        doubts = [each.step / 2 * value / each.literal for each, value in zip(parts, values, strict=True)]
        doubt = sum(doubts) if gives is sum else 0.0
        scale = plain_value(result) / result.literal
        step = result.step / 2 * scale
        if abs(plain_value(result) - exact) > max(step + doubt, _NEAR * exact) * (1 + 1e-9):
            wrong.append(Wrong(line, stated, exact / scale))
    if len(wrong) > 1:
        return
    report.checked += _ROWS
    for each in wrong:
        shown = rounded(each.value, 3)
        report.findings.append(page.wrong(each.line, each.stated, each.value, CALCULATOR, shown))


def _rows(grid: Grid, at: int, columns: list[int]) -> Iterator[tuple[int, str, Amount, list[Amount]]]:
    """The line, the result as written, the result, and what it is to follow from; of one kind in all rows."""
    kinds: set[str] = set()
    for row in grid.rows:
        cells = [_ASIDE.sub("", cell.strip("* ")) for cell in row.cells]
        amounts = [cell_amount(cells[each].rstrip("×倍")) if each < len(cells) else None for each in (at, *columns)]
        known = [each for each in amounts if each and each.literal]
        if len(known) != len(amounts) or any("~" in cells[each] for each in columns):
            return
        kinds.update(dimension(each) for each in known[1:])
        if len(kinds) > 1 or kinds & {"number", "percent"}:
            return
        yield row.line, cells[at], known[0], known[1:]

"""Tables whose first row is the base of a column of factors: `基线 | 100 ms | 1x`, `A | 50 ms | 2x`, `B | 25 ms | 4x`.

Which column the factors are of, and which way round, is learned from the rows that agree; the others are wrong.
"""

from collections.abc import Iterator
from typing import NamedTuple

from studykit.calculators.figures import rounded
from studykit.claims.finding import Report, Severity
from studykit.claims.reading.amounts import Amount
from studykit.claims.reading.grids import Grid, cell_amount, markdown_grids, plain_value
from studykit.claims.reading.page import Page
from studykit.locale import _
from studykit.vault.later import later

CALCULATOR = "table"
_WORDS = ("加速", "提升", "倍", "相对", "peed", "elative", "vs", "Gain")
_HEADER = later(r"加速|提升|倍|[Ss]peed-?[Uu]p|相对|[Rr]elative|\bvs\b|Gain")
_MOST_ROWS, _MOST_COLUMNS = 40, 8
_MOST_WRONG = 0.34
_SLACK = 0.03


class Reading(NamedTuple):
    """One way to read the factors: of which column, old over new or the reverse, and the rows that do not keep it."""

    column: int
    inverse: bool
    right: int
    wrong: tuple[int, ...]


def check(page: Page) -> Report:
    """Every table with a column of factors whose first row is 1."""
    report = Report()
    for grid in markdown_grids(page, _WORDS):
        if not 4 <= len(grid.rows) <= _MOST_ROWS or len(grid.header) > _MOST_COLUMNS:
            continue
        for at, header in enumerate(grid.header):
            if at and _HEADER.search(header):
                _judge(page, grid, at, report)
    return report


def _judge(page: Page, grid: Grid, at: int, report: Report) -> None:
    factors = _column(grid, at)
    if len(factors) != len(grid.rows) or not (first := factors[0]) or first.percent or first.literal != 1:
        return
    readings = [
        each for column in range(1, len(grid.header)) if column != at for each in _readings(grid, column, factors)
    ]
    best = max(readings, key=lambda each: each.right, default=None)
    if best is None or best.right < 2 or len(best.wrong) > _MOST_WRONG * (len(grid.rows) - 1):
        return
    report.checked += best.right + len(best.wrong)
    amounts = _column(grid, best.column)
    for row in best.wrong:
        one, other = amounts[0], amounts[row]
        if one and other:
            value = plain_value(other) / plain_value(one) if best.inverse else plain_value(one) / plain_value(other)
            shown, stated = f"{rounded(value, 3)}x", grid.rows[row].cells[at]
            message = _(
                "{stated} in column “{column}”: against the first row it is {value}, as in the other rows"
            ).format(stated=stated, column=grid.header[at], value=shown)
            line = grid.rows[row].line
            report.findings.append(
                page.finding(line, stated, Severity.WRONG, value, CALCULATOR, message, suggestion=shown)
            )


def _column(grid: Grid, at: int) -> list[Amount | None]:
    return [cell_amount(row.cells[at]) if at < len(row.cells) else None for row in grid.rows]


def _readings(grid: Grid, column: int, factors: list[Amount | None]) -> Iterator[Reading]:
    amounts = _column(grid, column)
    base = amounts[0]
    if base is None or not base.literal or any(each is None or not each.literal for each in amounts):
        return
    for inverse in (False, True):
        kept = [
            _keeps(base, each, factor, inverse)
            for each, factor in zip(amounts[1:], factors[1:], strict=True)
            if each and factor
        ]
        if len(kept) == len(factors) - 1:
            yield Reading(column, inverse, kept.count(True), tuple(row for row, fits in enumerate(kept, 1) if not fits))


def _keeps(base: Amount, each: Amount, factor: Amount, inverse: bool) -> bool:
    """Whether the factor may come from the two amounts, given the digits they show."""
    low, high = _reach(each, base) if inverse else _reach(base, each)
    return low * (1 - _SLACK) - factor.step / 2 <= factor.literal <= high * (1 + _SLACK) + factor.step / 2


def _reach(above: Amount, below: Amount) -> tuple[float, float]:
    """The least and greatest ratio of two rounded amounts."""
    (a, da), (b, db) = (
        (plain_value(each), each.step / 2 * plain_value(each) / each.literal) for each in (above, below)
    )
    return (a - da) / (b + db), (a + da) / (b - db) if b > db else float("inf")

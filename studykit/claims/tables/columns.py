"""Tables in which a column follows from two others: a speed-up, a product, a total.

The relation is learned: a column whose heading promises one and most of whose rows keep it. The other rows are wrong.
"""

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import NamedTuple

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.judging.agreement import Agreement, Tolerance, agree
from studykit.claims.reading.amounts import Amount
from studykit.claims.reading.grids import Grid, cell_amount, fenced_grids, markdown_grids, plain_value
from studykit.claims.reading.page import Page
from studykit.claims.wording import percent
from studykit.locale import _
from studykit.vault.later import later

CALCULATOR = "table"
MOST_COLUMNS = 8
MOST_ROWS = 40
LEAST_ROWS = 3
_MOST_WRONG = 0.3
_PROMISE = later(
    r"加速|提升|倍|比|总|合计|乘积|减少|降低|节省|[Ss]peed-?[Uu]p|[Rr]atio|[Tt]otal|\bsum\b|[Pp]roduct\b|"
    r"[Rr]eduction|[Ss]aving|"
    r"效率|利用率|占比|[Ee]fficiency|[Uu]tili|[Ii]mprovement|[Oo]verall|GPUs?$|卡数"
)
_WORDS = (
    "加速",
    "提升",
    "倍",
    "比",
    "总",
    "合计",
    "减少",
    "降低",
    "节省",
    "效率",
    "利用率",
    "fficiency",
    "peed",
    "atio",
    "otal",
    "eduction",
    "GPUs",
)
_NEAR = Tolerance(0.03)
_RELATIONS: dict[str, Callable[[float, float], float]] = {
    "{a} / {b}": lambda a, b: a / b,
    "{a} × {b}": lambda a, b: a * b,
    "{a} + {b}": lambda a, b: a + b,
    "{a} - {b}": lambda a, b: a - b,
    "1 - {a} / {b}": lambda a, b: 1 - a / b,
    "{a} / {b} - 1": lambda a, b: a / b - 1,
}

_ONE_WAY = [form for form in _RELATIONS if "×" not in form and "+" not in form]


class Rule(NamedTuple):
    """A relation between columns: result, and the two it follows from."""

    form: str
    result: int
    first: int
    second: int
    right: int


def check(page: Page) -> Report:
    """Every table with a column that follows from others."""
    report = Report()
    for grid in (*markdown_grids(page, _WORDS), *fenced_grids(page, _WORDS)):
        if len(grid.rows) < 4 or not 3 <= len(grid.header) <= MOST_COLUMNS:
            continue
        promised = [index for index, cell in enumerate(grid.header) if _PROMISE.search(cell)]
        if promised:
            amounts = [[cell_amount(cell) for cell in row.cells[:MOST_COLUMNS]] for row in grid.rows[:MOST_ROWS]]
            for result in promised:
                _judge(page, grid, amounts, result, report)
    return report


def _judge(page: Page, grid: Grid, amounts: list[list[Amount | None]], result: int, report: Report) -> None:
    columns = _numbers(amounts)
    if columns[result] is None:
        return
    rule = max(_rules(columns, result), key=lambda each: each.right, default=None)
    if rule is None:
        return
    kept = [_keeps(columns, rule, at) for at in range(len(amounts))]
    wrong = [at for at, agreement in enumerate(kept) if agreement is Agreement.WRONG]
    judged = len(kept) - kept.count(None)
    if len(wrong) <= judged * _MOST_WRONG:
        report.checked += judged
        report.findings += [_finding(page, grid, at, amounts, rule) for at in wrong]


class Number(NamedTuple):
    """A cell in base units, and the worth of its last digit."""

    value: float
    step: float


Column = list[Number | None] | None


def _numbers(amounts: list[list[Amount | None]]) -> list[Column]:
    """The columns as numbers; None for one that holds too few."""
    width = max(map(len, amounts), default=0)
    columns = [[_number(row[at]) if at < len(row) else None for row in amounts] for at in range(width)]
    missing = MOST_COLUMNS - width
    return [column if len(column) - column.count(None) >= LEAST_ROWS else None for column in columns] + [None] * missing


def _number(amount: Amount | None) -> Number | None:
    if amount is None:
        return None
    value = plain_value(amount)
    return Number(value, amount.step * (value / amount.literal if amount.literal else 1.0))


def _rules(columns: list[Column], result: int) -> Iterator[Rule]:
    others = [at for at, column in enumerate(columns) if column is not None and at != result]
    for first, second in permutations(others, 2):
        for form in _RELATIONS if first < second else _ONE_WAY:
            right = _agreeing(columns, Rule(form, result, first, second, 0))
            if right >= LEAST_ROWS:
                yield Rule(form, result, first, second, right)


def _agreeing(columns: list[Column], rule: Rule) -> int:
    """How many rows keep the rule; 0 as soon as too many do not. 0 and 1 keep too many rules to count for one."""
    right = wrong = 0
    rows = len(columns[rule.result] or ())
    for at in range(rows):
        agreement = _keeps(columns, rule, at)
        if agreement is Agreement.WRONG:
            wrong += 1
            if wrong > rows * _MOST_WRONG:
                return 0
        elif agreement is Agreement.RIGHT and _cell(columns, rule.result, at).value not in (0.0, 1.0):
            right += 1
    return right


def _cell(columns: list[Column], column: int, row: int) -> Number:
    found = columns[column]
    return (found[row] if found else None) or Number(0.0, 0.0)


def _keeps(columns: list[Column], rule: Rule, at: int) -> Agreement | None:
    """Whether a row keeps the rule; None if one of its three cells is no number."""
    result, first, second = columns[rule.result], columns[rule.first], columns[rule.second]
    if not (result and first and second):
        return None
    stated, one, other = result[at], first[at], second[at]
    if not (stated and one and other):
        return None
    relation = _RELATIONS[rule.form]
    try:
        found = agree(relation(one.value, other.value), stated.value, stated.step, _NEAR)
        if found is Agreement.WRONG:
            # What the digits of the two do not show may be all of it.
            reach = [
                relation(one.value + i * one.step / 2, other.value + j * other.step / 2)
                for i in (-1, 1)
                for j in (-1, 1)
            ]
            return Agreement.IMPRECISE if min(reach) <= stated.value <= max(reach) else found
        return found
    except ZeroDivisionError:
        return None


def _finding(page: Page, grid: Grid, at: int, amounts: list[list[Amount | None]], rule: Rule) -> Finding:
    columns = _numbers(amounts)
    line, stated = grid.rows[at].line, grid.rows[at].cells[rule.result]
    one, other = _cell(columns, rule.first, at), _cell(columns, rule.second, at)
    value = _RELATIONS[rule.form](one.value, other.value)
    shown = _shown(value, amounts[at][rule.result])
    form = rule.form.format(a=grid.header[rule.first], b=grid.header[rule.second])
    message = _("{stated} in column “{column}”: {form} is {value}, as in the other rows").format(
        stated=stated, column=grid.header[rule.result], form=form, value=shown
    )
    return page.finding(line, stated, Severity.WRONG, value, CALCULATOR, message, suggestion=shown)


def _shown(value: float, stated: Amount | None) -> str:
    if stated is not None and stated.percent:
        return percent(value)
    return rounded(value / (plain_value(stated) / stated.literal if stated and stated.literal else 1))

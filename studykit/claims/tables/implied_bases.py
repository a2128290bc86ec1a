"""Tables of values and their changes against one base: `5.20 | +2.2%`, `5.41 | +6.3%`, `5.12 | +0.6%`.

The base is a row marked as such (`0%`, `baseline`), or it is what most rows come from. A row that comes from another
base than the rest is wrong.
"""

from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import NamedTuple

from studykit.calculators.figures import rounded
from studykit.claims.finding import Report, Severity
from studykit.claims.reading.grids import Grid, Row, cell_amount, markdown_grids, plain_value
from studykit.claims.reading.labelled import dimension
from studykit.claims.reading.page import Page
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

CALCULATOR = "change"
_CELL = later(r"^(?P<sign>[+\-−↑↓])? ?(?P<figure>\d+(?:\.\d+)?) ?%(?:\s*[（(✓✗✅].*)?$")
_BASE = later(r"^(?:-|—|–|0(?:\.0+)?%|1(?:\.0)?x|基准|基线|[Bb]aseline|对比基准)?$")
_NAMED = later(r"[Bb]aseline|基准|基线|原始|FP32$|FP16$")
_WORDS = (
    "提升",
    "相对",
    "损失",
    "变化",
    "下降",
    "降低",
    "差",
    "vs",
    "hange",
    "oss",
    "egrad",
    "elta",
    "ain",
    "mprove",
    "ncrease",
)
_HEADER = later(
    r"提升|相对|损失|变化|下降|降低|差|vs|[Cc]hange|[Ll]oss|[Dd]egrad|[Dd]elta|[Gg]ain|[Ii]mprove|[Ii]ncrease"
)
_MOST_ROWS, _MOST_COLUMNS = 40, 8
_NEAR = 0.06


class Pair(NamedTuple):
    """A value and its change in percent, each with the worth of its last digit; `signed` where a sign is written."""

    row: Row
    value: float
    step: float
    change: float
    change_step: float
    stated: str
    signed: bool


class Relation(NamedTuple):
    """How a change comes from value and base, and the base from value and change."""

    change: Callable[[float, float], float]
    base: Callable[[float, float], float]


_RELATIONS = (
    Relation(lambda value, base: (value / base - 1) * 100, lambda value, change: value / (1 + change / 100)),
    Relation(lambda value, base: (base / value - 1) * 100, lambda value, change: value * (1 + change / 100)),
)
_POINTS = Relation(lambda value, base: value - base, lambda value, change: value - change)


def check(page: Page) -> Report:
    """Every column of changes that have one base."""
    report = Report()
    for grid in markdown_grids(page, _WORDS):
        if not 3 <= len(grid.rows) <= _MOST_ROWS or len(grid.header) > _MOST_COLUMNS:
            continue
        for at in range(1, len(grid.header)):
            if _HEADER.search(grid.header[at]):
                _judge(page, grid, at, report)
    return report


def _judge(page: Page, grid: Grid, at: int, report: Report) -> None:
    best: tuple[int, list[tuple[Pair, float]], bool] = 0, [], False
    for column in range(at - 1, -1, -1):
        pairs, bases, percent = _pairs(grid, column, at)
        if len(pairs) < 2 or len(bases) > 1 or (not bases and not all(pair.signed for pair in pairs)):
            continue
        for relation in (*_RELATIONS, *((_POINTS,) if percent else ())):
            wrong = list(_wrong(pairs, bases, relation))
            right = len(pairs) - len(wrong)
            if right > best[0]:
                best = right, wrong, bool(bases)
    right, wrong, based = best
    if right < 2 or (right < 3 and not based) or len(wrong) > max(1, right // 3):
        return
    report.checked += right + len(wrong)
    for pair, exact in wrong:
        shown = f"{'+' if pair.signed and exact > 0 else ''}{rounded(exact, 3)}%"
        message = _("{claim}: against the base of the other rows it is {value}").format(claim=CLAIM, value=shown)
        report.findings.append(
            page.finding(pair.row.line, pair.stated, Severity.WRONG, exact, CALCULATOR, message, suggestion=shown)
        )


def _pairs(grid: Grid, column: int, at: int) -> tuple[list[Pair], list[float], bool]:
    """The rows with both, the values of the rows that are bases, and whether the values are percentages."""
    pairs: list[Pair] = []
    bases: list[float] = []
    kinds: set[str] = set()
    for row in grid.rows:
        cells = [cell.strip("* ") for cell in row.cells]
        amount = cell_amount(cells[column]) if max(column, at) < len(cells) else None
        if amount is None or not amount.literal or cells[column][:1] in "~≈约+-":
            continue
        value = plain_value(amount) * (100 if amount.percent else 1)
        found = _CELL.match(cells[at])
        if _BASE.match(cells[at]) and (cells[at] not in ("", "-", "—", "–") or _NAMED.search(cells[0])):
            bases.append(value)
        elif found and float(found["figure"]):
            figure = float(found["figure"]) * (-1 if found["sign"] and found["sign"] in "-−↓" else 1)
            kinds.add(dimension(amount))
            step = amount.step * value / amount.literal
            digits = 10.0 ** -len(found["figure"].partition(".")[2])
            pairs.append(Pair(row, value, step, figure, digits, found[0].split(" ")[0], bool(found["sign"])))
    return pairs if len(kinds) == 1 else [], bases, kinds == {"percent"}


def _wrong(pairs: Sequence[Pair], bases: Sequence[float], relation: Relation) -> Iterator[tuple[Pair, float]]:
    """The rows that do not come from the base, with what their change would be."""
    base = bases[0] if bases else median(relation.base(pair.value, pair.change) for pair in pairs)
    if base <= 0:
        return
    for pair in pairs:
        exact = relation.change(pair.value, base)
        half = pair.step / 2
        corners = [relation.change(pair.value + i * half, base + j * half) for i in (-1, 1) for j in (-1, 1)]
        reach = max(abs(corner - exact) for corner in corners)
        allowed = max(pair.change_step * 1.01, _NEAR * abs(exact)) + reach
        stated = pair.change if pair.signed else abs(pair.change)
        if abs((exact if pair.signed else abs(exact)) - stated) > allowed:
            yield pair, exact

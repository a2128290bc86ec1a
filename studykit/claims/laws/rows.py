"""Rows of small tables that give all that a column follows from: P, M and the bubble; TP and the memory of a GPU.

A row is read as a sentence, each cell under its heading (`TP=4；每卡权重（70B FP16）=35 GB`), and judged by the laws of
`following`. At least as many rows must keep the law as do not.
"""

from collections import defaultdict
from collections.abc import Mapping
from statistics import median
from typing import NamedTuple

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report
from studykit.claims.laws.following import Outcome, outcomes
from studykit.claims.laws.roles import LONGEST, Part, Told, read
from studykit.claims.reading.grids import Grid, Row, markdown_grids
from studykit.claims.reading.page import Page
from studykit.vault.later import later

CALCULATOR = "table"
_WORDS = (
    "P", "M", "TP", "batch", "Batch", "参数", "aram", "GB", "显存", "气泡", "ubble", "emory", "GPU", "卡",
    "延迟", "ms", "吞吐", "KV", "FP", "INT", "BF",
)  # fmt: skip
_UNIT = later(
    r"\s*[（(]\s*(?P<unit>ms|s|us|μs|GB|MB|KB|GiB|MiB|KiB|tok(?:en)?s?/s|req/s|%|GB/s|TB/s|GFLOPS|TFLOPS|B)\s*[)）]\s*$"
)
_ASIDE = later(r"[（(][^（(）)]*\d[^（(）)]*[)）]")
_BARE = later(r"[~≈约]?\s*\d[\d,.]*$")
_RANGE = later(r"\d\s*[-–~]\s*\d|[<>≤≥+]|以上")
_DIGIT = later(r"\d")
_MOST_ROWS, _MOST_COLUMNS = 40, 8
_OF_ROWS = ("bubble", "kv-cache", "inference-memory", "share", "rate")
"""Laws that a table keeps row by row; what is measured there, such as times, follows from more than is shown."""
_WAYS = ("TP", "PP", "gpu")


class Judged(NamedTuple):
    """A row that a law judges."""

    row: Row
    outcome: Outcome


def check(page: Page) -> Report:
    """Every table whose rows a law holds of, and every table of a size shared by ever more GPUs."""
    report = Report()
    for grid in markdown_grids(page, _WORDS):
        if 2 <= len(grid.rows) <= _MOST_ROWS and 2 <= len(grid.header) <= _MOST_COLUMNS:
            found = [
                (row, "|".join((*grid.header, *row.cells)), told)
                for row in grid.rows
                if (told := _told(_text(grid, row)))
            ]
            _by_laws(page, found, report)
            if len(grid.header) <= 3:
                _shares(page, found, report)
    return report


def _text(grid: Grid, row: Row) -> str:
    """The row as a sentence, of the cells that can be read."""
    texts = []
    for header, cell in zip(grid.header, row.cells, strict=False):
        cell = cell.strip("* `")
        if not _DIGIT.search(cell + header) or _RANGE.search(cell):
            continue
        unit = _UNIT.search(header)
        label = (_UNIT.sub("", header) if unit else header).strip("* ")
        aside = "".join(_ASIDE.findall(label))
        text = f"{aside}{_ASIDE.sub('', label)}={cell}{' ' + unit['unit'] if unit and _BARE.match(cell) else ''}"
        if read(text) is not None:
            texts.append(text)
    return "；".join(texts)


def _told(text: str) -> Told | None:
    found = read(text) if len(text) <= LONGEST else None
    return found if found and len(found.parts) >= 2 else None


def _by_laws(page: Page, rows: list[tuple[Row, str, Told]], report: Report) -> None:
    by_law: dict[int, list[Judged]] = defaultdict(list)
    for row, text, told in rows:
        for outcome in outcomes(told, text, worded=False):
            if outcome.law.calculator in _OF_ROWS:
                by_law[id(outcome.law)].append(Judged(row, outcome))
    best: tuple[int, list[Judged], int] = 0, [], 0
    for judged in by_law.values():
        for reading in range(min(len(each.outcome.rights) for each in judged)):
            right = sum(each.outcome.keeps(reading) for each in judged)
            best = max(best, (right, judged, reading), key=lambda each: each[0])
    right, judged, reading = best
    wrong = [each for each in judged if not each.outcome.keeps(reading)]
    if not right or len(wrong) > max(1, right // 2):
        return
    report.checked += len(judged)
    for each in wrong:
        result, law = each.outcome.result, each.outcome.law
        value = each.outcome.rights[reading] / result.scale
        report.findings.append(_finding(page, each.row, result, value, law.calculator, each.outcome.inputs))


def _shares(page: Page, rows: list[tuple[Row, str, Told]], report: Report) -> None:
    """A size a GPU that halves as the GPUs double: ways times size is one and the same in all rows but one."""
    pairs = [(row, pair) for row, _text, told in rows if (pair := _pair(told))]
    if len(pairs) < 3 or len(pairs) < len(rows):
        return
    products = [way.value * size.value for _row, (way, size) in pairs]
    usual = median(products)
    wrong = [at for at, product in enumerate(products) if not 0.9 <= product / usual <= 1.11]
    if len(wrong) > 1 or len(products) - len(wrong) < 3 or len({way.value for _row, (way, _size) in pairs}) < 3:
        return
    report.checked += len(pairs)
    for at in wrong:
        row, (way, size) = pairs[at]
        report.findings.append(_finding(page, row, size, usual / way.value / size.scale, CALCULATOR, {}))


def _pair(told: Told) -> tuple[Part, Part] | None:
    if len(told.parts) != 2 or told.parts[0].role not in _WAYS or told.parts[1].role not in ("bytes", "bytes@gpu"):
        return None
    return told.parts[0], told.parts[1]


def _finding(page: Page, row: Row, result: Part, value: float, calculator: str, inputs: Mapping[str, float]) -> Finding:
    shown = f"{rounded(value, 3)} {result.unit.strip()}".rstrip()
    return page.wrong(row.line, result.number, value, calculator, shown, inputs=inputs, stated=result.written)

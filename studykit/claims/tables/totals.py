"""Totals: a row 总计 or Total that should be the sum of the rows above it, and a line that sums the list above it.

A total may be of the last few items only, or of parallel parts (the greatest counts), or a mean or product; it is
wrong only if it is none of these.
"""

import re
from collections.abc import Sequence
from math import prod

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.reading.grids import Grid, cell_amount, markdown_grids, plain_value
from studykit.claims.reading.labelled import Labelled, above, dimension, indent, labelled
from studykit.claims.reading.page import Page
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

CALCULATOR = "sum"
_LABEL = later(r"^(?:总计|合计|总和|总共|总(?:显存|内存|时间|延迟|耗时|参数量?|大小)|[Tt]otal(?: \w+)?|TOTAL|[Ss]um)$")
_MENTION = later(r"总计|合计|总和|总共|总(?=[显内时延耗参大])|Total|total|TOTAL|Sum")
_ROW = later(r"\| *\**(?:总|合计|[Tt]otal|TOTAL|Sum)")
_NO_SUM = later(r"率|比|平均|倍|[Rr]at|mean|[Aa]verage|[Ss]peed|利用|/s|每")
_MEASURED = later(r"TP[OS]T?\b|TTFT|QPS|IOPS|FPS|MFU|吞吐|[Bb]atch|[Tt]hroughput")
"""Rows of a table of results: what stands below them as Total is one more result, not their sum."""
_FACTOR = later(r"[×*]|每|\bper\b|/|平均|可选|或|并行|重叠|峰值|节省|减少|提升|→")
_REMARK = later(r"[（(][^）)]*[）)]")
_MOST, _LONG_LIST = 14, 4


def check(page: Page) -> Report:
    """Every total of the note whose parts stand above it."""
    report = Report()
    if _ROW.search(page.numeric):
        for grid in markdown_grids(page):
            _judge_table(page, grid, report)
    for line in page.numbered:
        if _MENTION.search(page.lines[line]) and not page.quiet(line) and "|" not in page.lines[line]:
            _judge_list(page, line, report)
    return report


def _judge_table(page: Page, grid: Grid, report: Report) -> None:
    if not 3 <= len(grid.rows) <= 40:
        return
    last = grid.rows[-1]
    if not last.cells or not _LABEL.match(_REMARK.sub("", last.cells[0]).strip(" :：*")):
        return
    named = [row.cells[0] for row in grid.rows[:-1] if row.cells]
    if sum(bool(_MEASURED.search(name)) for name in (*named, grid.header[0] if grid.header else "")) > 1:
        return
    for column in range(1, len(last.cells)):
        header = grid.header[column] if column < len(grid.header) else ""
        cells = [row.cells[column] if column < len(row.cells) else "" for row in grid.rows]
        if not _NO_SUM.search(header):
            _judge_column(page, last.line, cells, report)


def _judge_column(page: Page, line: int, cells: Sequence[str], report: Report) -> None:
    amounts = [cell_amount(cell) for cell in cells]
    known = [each for each in amounts if each]
    if (
        len(known) != len(amounts)
        or len({dimension(each) for each in known}) != 1
        or any("~" in cell for cell in cells)
    ):
        return
    steps = [each.step * (plain_value(each) / each.literal if each.literal else 1.0) for each in known]
    values = [plain_value(each) for each in known]
    report.checked += 1
    if not _fits(values[:-1], values[-1], sum(steps) / 2):
        scale = values[-1] / known[-1].literal if known[-1].literal else 1.0
        report.findings.append(_finding(page, line, cells[-1], sum(values[:-1]), scale, known[-1].word))


def _judge_list(page: Page, line: int, report: Report) -> None:
    total = labelled(page, line)
    if not total or not _LABEL.match(_REMARK.sub("", total.label).strip(" *`")) or _FACTOR.search(total.source):
        return
    if re.search(r"\d\s*[-+]\s*\d", total.source):
        return
    items = _items(page, total)
    if len(items) < 2:
        return
    values, doubt = [each.value for each in items], sum(each.step for each in (*items, total)) / 2
    report.checked += 1
    # What is left out at the head of a list is more than the total, such as the memory there is, or the list is long.
    fits = any(
        _fits(values[:count], total.value, doubt)
        for count in range(2, len(values) + 1)
        if len(values) > _LONG_LIST or all(each > total.value for each in values[count:])
    )
    if not fits and not total.about and not any(each.about for each in items):
        scale = total.value / total.amount.literal
        report.findings.append(_finding(page, line, total.number, sum(values), scale, total.amount.word))


def _items(page: Page, total: Labelled) -> list[Labelled]:
    """The amounts of the list right above, nearest first; none where one of them is no plain part of a sum."""
    found: list[Labelled] = []
    here = indent(page.lines[total.line])
    for number in above(page, total.line, _MOST):
        source = page.lines[number]
        if not source.strip() or not source.strip("-=─━ \t") or indent(source) != here:
            if found or source.strip("-=─━ \t"):
                break
            continue
        each = labelled(page, number)
        if each is None:
            break
        if each.dimension != total.dimension or _FACTOR.search(each.source) or not each.value:
            return []
        found.append(each)
    return found if total.dimension not in ("number", "percent") and total.amount.literal else []


def _fits(parts: Sequence[float], total: float, doubt: float) -> bool:
    if len(parts) < 2:
        return True
    candidates = (
        sum(parts),
        max(parts),
        min(parts),
        prod(parts),
        sum(parts) / len(parts),
        abs(parts[0] - sum(parts[1:])),
    )
    return any(abs(each - total) <= doubt * (1 + 1e-9) + 0.03 * abs(total) for each in candidates)


def _finding(page: Page, line: int, stated: str, value: float, scale: float, word: str) -> Finding:
    shown = f"{rounded(value / scale, 4)} {word}".rstrip()
    message = _("{claim}: the parts above it add up to {value}").format(claim=CLAIM, value=shown)
    return page.finding(line, stated, Severity.WRONG, value / scale, CALCULATOR, message, suggestion=shown)

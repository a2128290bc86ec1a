"""What two results above come to: `密集: 200ms`, `MoE: 60ms`, `延迟降低：70%`, and the same in the row of a table.

The figure may be of the old value or of the new one, in points, or a factor that counts the old value or not. It is
wrong only if no pair of the results nearby gives it, in any of these ways.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report
from studykit.claims.judging.agreement import Agreement, Tolerance, agree
from studykit.claims.reading.amounts import Amount
from studykit.claims.reading.grids import Grid, cell_amount, markdown_grids, plain_value
from studykit.claims.reading.labelled import Labelled, above, dimension, labelled
from studykit.claims.reading.page import Page
from studykit.vault.later import later

CALCULATOR = "change"
_NEAR, _ABOUT = Tolerance(0.06), Tolerance(0.12)
RATES = frozenset(("count/second", "QPS", "TPS", "FPS", "qps", "tps", "fps", "RPS", "flops", "rate"))
_SUBJECTS = (
    (later(r"延迟|时间|耗时|时延|[Ll]atency|[Tt]ime"), frozenset(("second",))),
    (later(r"显存|内存|存储|体积|大小|缓存|通信量|数据量|[Mm]emory|[Ss]ize|[Ss]torage"), frozenset(("byte",))),
    (later(r"吞吐|速度|[Tt]hroughput"), RATES),
    (later(r"能耗|[Ee]nergy"), frozenset(("J",))),
    (later(r"计算量|参数量?|FLOPs"), frozenset(("number", "flops"))),
)
_BARE = later(r"[ *]*(?:性能|推理|训练|整体|总体|总|通信|端到端|传输|[Oo]verall|[Pp]erformance|[Tt]otal)?(?:的)?[ *]*")
_BY_WORD = (
    (later(r"加速|提速|加快|[Ss]peed"), (frozenset(("second",)), RATES)),
    (later(r"压缩|[Cc]ompress"), (frozenset(("byte",)),)),
    (later(r"提升|提高|[Ii]mprove"), (frozenset(("second",)), RATES)),
    (later(r"."), (frozenset(("second",)), frozenset(("byte",)), frozenset(("J",)))),
)
CHANGE_WORD = (
    r"(?:降低|减少|下降|节省|节约|缩短|缩小|压缩|提升|提高|增加|加速|提速|加快"
    r"|Reduction|reduction|Savings?|savings?|Saved|saved|Reduced|reduced|Speed-?up|speed-?up|Improvement|improvement"
    r"|Compression|compression)"  # alternatives that begin with a certain letter each are searched faster
)
_LESS = later(r"降低|减少|下降|节省|节约|缩短|缩小|[Rr]educ|[Ss]av")
_LINE = later(
    rf"^[\s\-*>|#/]*(?P<subject>[^\d:：=→，,。（(]{{0,16}}?)(?P<word>{CHANGE_WORD})(?P<kind>了|比|率|比例|倍数|"
    rf"幅度| ratio)?"
    r"\**\s*[:：=]\s*\**(?P<about>约|~|≈)?\s*(?P<figure>\d+(?:\.\d+)?)\s*(?P<unit>%|倍|×|x\b)(?!\s*[-–~]\s*\d)"
    r"(?P<rest>.*)$"
)
_MENTION = later(CHANGE_WORD + r"(?:了|比|率|比例|倍数|幅度| ratio)?[ *]*[:：=]")
_REMARK = later(r"[ *]*(?:$|[（(✓✗✅❌!！。#]|[^\d（(]{0,10}$)")
_CELL = later(
    r"^(?P<sign>↓|↑|[-+−]|减少|降低|下降|节省|提升|提高|增加|加速)\s*(?:约|~|≈)?\s*(?P<figure>\d+(?:\.\d+)?)\s*"
    r"(?P<unit>%|倍|×|x)$"
)
_UNSIGNED = later(r"^(?:约|~|≈)?\s*(?P<figure>\d+(?:\.\d+)?)\s*(?P<unit>%|倍|×|x)$")
_OLD = later(r"优化前|改进前|之前|原始|原来|基线|[Bb]aseline|[Bb]efore|^[Oo]ld")
_NEW = later(r"优化后|改进后|之后|现在|[Aa]fter|[Oo]ptimi[sz]ed|^[Nn]ew")
_CHANGED = later(r"改善|提升|降低|减少|节省|变化|[Ii]mprov|[Rr]educ|[Ss]av|[Cc]hange")
_HEADERS = (
    "变化",
    "改善",
    "提升",
    "降低",
    "减少",
    "节省",
    "收益",
    "改进",
    "差异",
    "比",
    "加速",
    "hange",
    "mprove",
    "educ",
    "elta",
    "peed",
)
MOST_ROWS = 40
_NUMBER = later(r"(?<![\d.A-Za-z])\d{1,7}(?:\.\d{1,4})?(?![\d.])")
_LONG = 200
_BACK = 9
MOST_ABOVE = 4


def check(page: Page) -> Report:
    """Every stated change with its two results above it, or before it in its row."""
    report = Report()
    for line in page.numbered:
        source = page.lines[line]
        if ("%" in source or "倍" in source or "×" in source or "x" in source) and _MENTION.search(source):
            _judge_line(page, line, report)
    for grid in markdown_grids(page, _HEADERS):
        _judge_rows(page, grid, report)
    return report


def _judge_line(page: Page, line: int, report: Report) -> None:
    found = _LINE.match(page.lines[line]) if not page.quiet(line) else None
    if not found or not _REMARK.match(found["rest"]):
        return
    results = _results(page, line, found["subject"], found["word"])
    if len(results) < 2:
        return
    pairs = [(one.value, other.value) for one, other in combinations(results, 2)]
    report.checked += 1
    about = bool(found["about"]) or any(each.about for each in results)
    pairs += [*_with_a_constant(results), *_with_the_unlabelled(page, line, results)]
    less = bool(_LESS.match(found["word"])) and results[0].dimension != "percent"
    ratio = found["kind"] in ("比", "比率") or "ratio" in (found["kind"] or "")
    if not fits(pairs, found["figure"], found["unit"], about, ratio=ratio, less=less):
        old, new = results[1].value, results[0].value
        if "速度" in found["subject"] and len(results) == 3 and results[0].dimension == "second":
            old, new = results[2].value + old, results[2].value + new
        report.findings.append(_finding(page, line, found["figure"], found["unit"], old, new))


def _with_a_constant(results: Sequence[Labelled]) -> Iterator[tuple[float, float]]:
    """Of three results one may be a part that both totals have: computing 50 ms, and sending 30 ms or 5 ms."""
    for part, one, other in permutations([each.value for each in results], 3) if len(results) == 3 else ():
        yield part + one, part + other
        yield part + one, other


def _with_the_unlabelled(page: Page, line: int, results: Sequence[Labelled]) -> Iterator[tuple[float, float]]:
    """The base may stand in a sentence: `每秒可处理 100 tokens`. Each result with each number of the lines above."""
    numbers: set[float] = set()
    labels = {each.line for each in results}
    for number in above(page, line, _BACK):
        if number not in labels and not _LINE.match(page.lines[number]):
            numbers |= {float(each) for each in _NUMBER.findall(page.lines[number][:_LONG])}
    for each in results:
        yield from ((each.amount.literal, number) for number in numbers if number > 1)


def _results(page: Page, line: int, subject: str, word: str) -> list[Labelled]:
    """The results above of what the change is of, nearest first; where no subject is named, the only two or three."""
    kinds = [kinds for pattern, kinds in _SUBJECTS if pattern.search(subject)]
    if kinds:
        found = _of_kind(page, line, kinds[0].union(*kinds[1:]), MOST_ABOVE)
        if not found and "速度" in subject:  # told by the times alone
            found = _of_kind(page, line, frozenset(("second",)), MOST_ABOVE)
        return found
    if not _BARE.fullmatch(subject):
        return []
    for candidates in next(kinds for pattern, kinds in _BY_WORD if pattern.search(word)):
        found = _of_kind(page, line, candidates, MOST_ABOVE)
        if 2 <= len(found) < MOST_ABOVE:
            return found
    return []


def _of_kind(page: Page, line: int, kinds: frozenset[str], most: int) -> list[Labelled]:
    found: list[Labelled] = []
    for number in above(page, line, _BACK):
        if len(found) == most or (found and _LINE.match(page.lines[number])):
            break
        each = labelled(page, number)
        if each and each.dimension in kinds and each.value:
            found.append(each)
    return [each for each in found if each.dimension == found[0].dimension]


def _judge_rows(page: Page, grid: Grid, report: Report) -> None:
    """Rows of old value, new value and change; that they are so is seen from the rows that agree."""
    wrong: list[Finding] = []
    right, named = 0, _change_column(grid)
    for row in grid.rows[:MOST_ROWS]:
        change = _change(row.cells, named)
        if change is None:
            continue
        found, old, new = change
        pair = plain_value(old), plain_value(new)
        if fits([pair], found["figure"], found["unit"], _about(row.cells), signed=True) or _rounding(old, new, found):
            right += 1
        else:
            wrong.append(_finding(page, row.line, found["figure"], found["unit"], *pair))
    if right >= 2 * len(wrong):
        report.checked += right + len(wrong)
        report.findings += wrong


def _change_column(grid: Grid) -> int:
    """The column of changes, where those before it are headed as the old and the new value; else 0."""
    for at in range(2, len(grid.header)):
        old, new, change = grid.header[at - 2 : at + 1]
        if _OLD.search(old) and _NEW.search(new) and _CHANGED.search(change):
            return at
    return 0


def _change(cells: Sequence[str], named: int) -> tuple[re.Match[str], Amount, Amount] | None:
    """The change of a row and the two amounts right before it, which are the only ones.

    A figure without a sign is one only in the column `named`.
    """
    figures = [
        (at, found)
        for at, cell in enumerate(cells)
        if (found := _CELL.match(cell) or (_UNSIGNED.match(cell) if named and at == named else None))
    ]
    if len(figures) != 1 or figures[0][0] < 2:
        return None
    at, found = figures[0]
    amounts = [cell_amount(cell) for cell in cells[:at]]
    old, new = amounts[at - 2], amounts[at - 1]
    if not old or not new or sum(each is not None for each in amounts) != 2 or dimension(old) != dimension(new):
        return None
    return (found, old, new) if plain_value(old) and plain_value(new) and plain_value(old) != plain_value(new) else None


def _about(cells: Sequence[str]) -> bool:
    return any(mark in cell for cell in cells for mark in "~约≈")


def _rounding(old: Amount, new: Amount, found: re.Match[str]) -> bool:
    """Whether the change may come from the digits that the two results do not show."""
    first, second = (each.step / 2 * (plain_value(each) / each.literal) for each in (old, new))
    a, b = plain_value(old), plain_value(new)
    return any(
        fits([(a + i * first, b + j * second)], found["figure"], found["unit"], False, signed=True)
        for i in (-1, 1)
        for j in (-1, 1)
    )


def fits(
    pairs: Sequence[tuple[float, float]],
    figure: str,
    unit: str,
    about: bool,
    *,
    signed: bool = False,
    ratio: bool = False,
    less: bool = False,
) -> bool:
    """Whether the figure is the change of one of the pairs, in any of the ways in which people count.

    `ratio` tells that a factor is said to be one (加速比), so that it cannot leave out the old value; `less` that the
    figure is of what was saved, which is of the old value.
    """
    stated, step = float(figure), 10.0 ** -len(figure.partition(".")[2])
    return any(
        agree(right, stated, step, _ABOUT if about else _NEAR) is not Agreement.WRONG
        for one, other in pairs
        for right in _rights(one, other, unit, signed, ratio, less)
    )


def _rights(one: float, other: float, unit: str, signed: bool, ratio: bool, less: bool) -> Iterator[float]:
    low, high = min(one, other), max(one, other)
    if not low:
        return
    if unit == "%" and less:
        yield (1 - low / high) * 100
    elif unit == "%":
        # In points, if both are percentages.
        yield from ((1 - low / high) * 100, (high / low - 1) * 100, (high - low) * 100)
        if other > one or not signed:
            yield high / low * 100
    else:
        yield high / low
        if not ratio:
            yield high / low - 1


def _finding(page: Page, line: int, figure: str, unit: str, old: float, new: float) -> Finding:
    low, high = min(old, new), max(old, new)
    value = high / low
    if unit == "%":
        value = (1 - low / high) * 100 if new < old else (high / low - 1) * 100
    shown = f"{rounded(value, 3)}{unit}"
    return page.wrong(line, figure, value, CALCULATOR, shown, stated=f"{figure}{unit}")

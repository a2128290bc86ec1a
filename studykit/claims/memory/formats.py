"""What a number format takes: FP32 four bytes a number, FP16 two, INT8 one, INT4 a half.

A ladder of sizes of one model (`FP32: 260GB`, `BF16: 130GB`, `INT8: 65GB`, as lines, as rows or as columns) must keep
these proportions; going from one format to another cannot save more than they allow; and the size of a model follows
from its parameters, format by format (`7B：FP16 14GB，INT4 3.5GB`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.judging.formulas import weights
from studykit.claims.reading.grids import Grid, cell_amount, markdown_grids, plain_value
from studykit.claims.reading.labelled import above, dimension, labelled
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

CALCULATOR = "quantised-size"
_BYTES = {"32": 4.0, "16": 2.0, "8": 1.0, "4": 0.5}
_FORMAT = (
    r"(?:(?:FP|BF|INT|fp|bf|int|float|NF|TF|Float|Int)-?(?P<{0}>32|16|8|4)"
    r"|(?P<{0}b>32|16|8|4)[ -]?(?:bits?|位))(?![\d\w])"
)
_NAMED = later(r"[TPFtp](?:32|16|[84])(?!\w)", re.ASCII)
_BITS = later(r"b(?<=[2684][ -]b)it|b(?<=[2684]b)it|位(?<=[2684]位)|位(?<=[2684] 位)", re.ASCII)
_FIGURE = later(r"\d ?(?:[GM]i?B|%|倍|×|x)")
_ONE = later(_FORMAT.format("of"), re.ASCII)
_LINE = later(rf"^[\s\-*>|`]*{_FORMAT.format('of')}[^\d:：=≈]{{0,12}}$", re.ASCII)
_FIGURED = (
    r"(?P<between>[^\d。；;|\n]{0,24}?)(?P<about>约|~|≈)?\s*(?P<figure>\d+(?:\.\d+)?)\s*(?P<unit>%|倍|×|x(?![A-Za-z]))"
    r"(?!\s*[-–~]\s*\d)(?P<behind>[^\d，,。；;|\n]{0,12})"
)
_CHANGES = (
    later(
        rf"{_FORMAT.format('old')}\s*(?:→|->|到|至|量化到|量化为|压缩到|\bto\b)\s*{_FORMAT.format('new')}" + _FIGURED,
        re.ASCII,
    ),
    later(
        rf"{_FORMAT.format('new')}\s*(?:量化|精度|格式|权重)?\s*"
        rf"(?:比|相比于?|相较于?|相对于?|\bvs\.?|than|compared (?:to|with))\s*{_FORMAT.format('old')}" + _FIGURED,
        re.ASCII,
    ),
)
_SIZE_WORD = later(r"压缩|内存|显存|存储|体积|大小|[Mm]emory|[Ss]ize|smaller|[Cc]ompress|[Ss]torage", re.IGNORECASE)
_OTHER_WORD = later(r"速|吞吐|延迟|精度|损失|计算|[Ss]peed|[Ff]aster|latency|throughput|accura|总|整体|带宽")
_KEPT = later(r"到|为原|剩|of the")
_SIZE = r"(?:约|~|≈)?\s*(?P<size>\d+(?:\.\d+)?) ?(?P<unit>[GM])i?B(?!/s|ps|[A-Za-z])"
_PAIR = later(
    rf"{_FORMAT.format('of')}\s*(?:格式|精度|下)?\s*(?:需要|需|占用?|为|是|takes?|needs?|[:：=(])?\s*{_SIZE}", re.ASCII
)
_MODEL = later(r"(?<![\d.\-–~×xA-Za-z+*])(?P<number>\d{1,4}(?:\.\d+)?) ?(?:B(?![A-Za-z])|(?P<yi>亿))")
_UNSURE = later(
    r"训练|[Tt]rain|Adam|优化器|[Oo]ptim|梯度|[Gg]rad|KV|激活|[Aa]ctiv|MoE|专家|[Ee]xpert|LoRA|带宽|每卡|/卡|"
    r"TP|PP|混合|mixed"
    r"|\d ?[x×] ?\d+B"
)
_HEADER_WORDS = ("FP", "INT", "bit", "显存", "内存", "大小", "体积", "存储", "ize", "emory", "VRAM")
_COUNTS = later(r"参数|[Pp]aram")
_HEADER = later(r"显存|内存|大小|体积|存储|[Ss]ize|[Mm]emory|VRAM")
_NOT_WHOLE = later(r"激活|KV|训练|峰值|运行|总|带宽|[Aa]ctiv|[Tt]rain|[Pp]eak|节省|/token|单元|寄存器")


class Rung(NamedTuple):
    """A size stated for a format: bytes a number, bytes in all, its line and how it is written."""

    width: float
    size: float
    line: int
    text: str


def check(page: Page) -> Report:
    """Every ladder, every change of format and every size by format of the note."""
    report = Report()
    for line in _mentions(page):
        source = page.lines[line]
        if len(source) > LONGEST or not _FIGURE.search(source) or page.quiet(line):
            continue
        plain = page.plain(line)
        report.take(_changes(page, line, plain))
        report.take(_sizes(page, line, plain))
        if "|" not in source:
            _judge_ladder(page, line, report)
    for grid in markdown_grids(page, _HEADER_WORDS):
        _judge_table(page, grid, report)
    return report


def _mentions(page: Page) -> list[int]:
    found = set(page.lines_with(_NAMED))
    if page.has("bit", "位"):
        found.update(page.lines_with(_BITS))
    return sorted(found)


def _width(found: re.Match[str], name: str) -> float:
    return _BYTES[found[name] or found[f"{name}b"]]


def _changes(page: Page, line: int, plain: str) -> Iterator[Finding | None]:
    """Judges `FP16 → INT4 压缩 4 倍`, `INT4 比 FP16 省 75% 显存`: less is what scales cost, more cannot be."""
    for found in (found for pattern in _CHANGES for found in pattern.finditer(plain)):
        words = found["between"] + found["behind"]
        old, new = _width(found, "old"), _width(found, "new")
        if old <= new or not _SIZE_WORD.search(words) or _OTHER_WORD.search(words) or _KEPT.search(found["between"]):
            continue
        stated, ratio = float(found["figure"]), old / new
        exact = (1 - 1 / ratio) * 100 if found["unit"] == "%" else ratio
        impossible = (100 - stated) * 1.25 < 100 - exact if found["unit"] == "%" else stated > exact * 1.15
        left = 1 - stated / 100 if found["unit"] == "%" else 1 / stated if stated else 0.0
        confused = any(abs(left * ratio / 2**n - 1) < 0.01 for n in (1, 2))  # as from another pair of formats
        remains = found["unit"] == "%" and abs(stated - 100 / ratio) < 1
        if impossible and not remains:
            yield by_width(page, line, found["figure"], exact, found["unit"], {"old_bytes": old, "new_bytes": new})
        else:
            yield None if not confused else _softly(page, line, found, exact)


def _softly(page: Page, line: int, found: re.Match[str], exact: float) -> Finding | None:
    """`FP32 → INT8 压缩 2 倍` is wrong unless it is said to be what was measured."""
    if found["about"] or re.search(r"实际|实测|只|仅|measured|actual|only", page.lines[line]):
        return None
    return by_width(page, line, found["figure"], exact, found["unit"], {})


def _sizes(page: Page, line: int, plain: str) -> Iterator[Finding | None]:
    """Judges each size of a line that gives one model and several formats."""
    pairs = list(_PAIR.finditer(plain))
    models = {(found["number"], bool(found["yi"])) for found in _MODEL.finditer(plain)}
    if len(pairs) < 2 or len(models) != 1 or _UNSURE.search(plain):
        return
    number, yi = models.pop()
    parameters = float(number) * (1e8 if yi else 1e9)
    for found in pairs:
        yield _model_size(page, line, found, parameters) if parameters >= 1e8 else None


def _model_size(page: Page, line: int, found: re.Match[str], parameters: float) -> Finding | None:
    width = _width(found, "of")
    exact, stated = weights(parameters, width), float(found["size"]) * (1e9 if found["unit"] == "G" else 1e6)
    if 0.88 <= stated / exact <= 1.45:
        return None
    unit = found["unit"] + "B"
    value = exact / (1e9 if unit == "GB" else 1e6)
    return by_width(page, line, found["size"], value, unit, {"parameters": parameters, "weight_bytes": width})


def _judge_ladder(page: Page, line: int, report: Report) -> None:
    """The ladder that ends with this line, if the line below is no rung of it."""
    if _rung(page, line) is None or (line + 1 < len(page.lines) and _rung(page, line + 1) is not None):
        return
    rungs: list[Rung] = []
    for number in (line, *above(page, line, 8)):
        rung = _rung(page, number)
        if rung is None:
            break
        rungs.append(rung)
    _judge(page, rungs, report)


def _rung(page: Page, line: int) -> Rung | None:
    if not _ONE.search(page.lines[line]):
        return None
    each = labelled(page, line)
    found = _LINE.match(each.label) if each else None
    if each is None or found is None or each.dimension != "byte" or each.value < 1e6:
        return None
    return Rung(_width(found, "of"), each.value, line, each.number)


def _judge(page: Page, rungs: Sequence[Rung], report: Report) -> None:
    """Of three and more formats of one thing, two at least agree and one is far off: that one is wrong."""
    if len(rungs) < 3 or len({rung.width for rung in rungs}) < 3:
        return
    parameters = median(rung.size / rung.width for rung in rungs)
    wrong = [rung for rung in rungs if not 0.75 <= rung.size / rung.width / parameters <= 1.4]
    exact = sum(abs(rung.size / rung.width / parameters - 1) < 0.06 for rung in rungs)
    if exact >= 3:
        wrong = [rung for rung in rungs if not 0.88 <= rung.size / rung.width / parameters <= 1.2]
    if len(wrong) > 1 or exact < 2:
        return
    report.checked += len(rungs)
    for rung in wrong:
        value = parameters * rung.width / 1e9
        report.findings.append(by_width(page, rung.line, rung.text, value, "GB", {"weight_bytes": rung.width}))


def _judge_table(page: Page, grid: Grid, report: Report) -> None:
    """Formats as the rows or as the columns of a table of sizes."""
    columns = {at: found for at, cell in enumerate(grid.header) if (found := _ONE.search(cell))}
    _judge_models(page, grid, columns, report)
    if len(columns) >= 3 and not _NOT_WHOLE.search(" ".join(grid.header)):
        for row in grid.rows:
            cells = [(found, row.cells[at]) for at, found in columns.items() if at < len(row.cells)]
            _judge(page, [rung for found, cell in cells if (rung := _cell(found, cell, row.line))], report)
        return
    for at, header in enumerate(grid.header[1:], 1):
        if _HEADER.search(header) and not _NOT_WHOLE.search(header):
            rungs = [
                rung
                for row in grid.rows
                if at < len(row.cells) and (found := _LINE.match(row.cells[0].strip("* ")))
                if (rung := _cell(found, row.cells[at], row.line))
            ]
            _judge(page, rungs, report)


def _judge_models(page: Page, grid: Grid, columns: Mapping[int, re.Match[str]], report: Report) -> None:
    """Models as rows, a column of their parameters, and columns of their sizes in one format."""
    counts = next((at for at, header in enumerate(grid.header) if _COUNTS.search(header)), None)
    if counts is None or counts in columns:
        return
    for at, found in columns.items():
        rungs: list[tuple[Rung, float]] = []
        for row in grid.rows:
            whole = max(at, counts) < len(row.cells) and not _UNSURE.search(" ".join(row.cells))
            number = cell_amount(row.cells[counts]) if whole else None
            rung = _cell(found, row.cells[at], row.line) if number and number.word == "B" else None
            if rung and number:
                rungs.append((rung, weights(plain_value(number), rung.width)))
        right = sum(0.88 <= rung.size / exact <= 1.15 for rung, exact in rungs)
        if right < 2 or right < 0.6 * len(rungs):
            continue
        report.checked += len(rungs)
        for rung, exact in rungs:
            if not 0.8 <= rung.size / exact <= 1.45:
                given: dict[str, object] = {"parameters": exact / rung.width, "weight_bytes": rung.width}
                report.findings.append(by_width(page, rung.line, rung.text, exact / 1e9, "GB", given))


def _cell(found: re.Match[str], cell: str, line: int) -> Rung | None:
    amount = cell_amount(cell)
    if amount is None or dimension(amount) != "byte" or plain_value(amount) < 1e6:
        return None
    return Rung(_width(found, "of"), plain_value(amount), line, cell)


def by_width(page: Page, line: int, stated: str, value: float, unit: str, inputs: dict[str, object]) -> Finding:
    """A size, or a change of one, that the bytes of a number do not make."""
    shown = f"{rounded(value, 3)} {unit}"
    message = _("{claim}: by the bytes a number takes it is {value}").format(claim=CLAIM, value=shown)
    return page.finding(line, stated, Severity.WRONG, value, CALCULATOR, message, suggestion=shown, inputs=inputs)

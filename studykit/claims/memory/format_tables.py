"""Tables of ways to store one model, a row each: `FP16 | 13GB`, `GPTQ INT4 | 3.25GB`, `LLM.int8() | 6.5GB`.

The weights of each row are in proportion to the bytes of its format; of three and more rows one may be wrong.
"""

from statistics import median
from typing import NamedTuple

from studykit.claims.finding import Report
from studykit.claims.memory.formats import by_width
from studykit.claims.reading.grids import Grid, cell_amount, markdown_grids, plain_value
from studykit.claims.reading.labelled import dimension
from studykit.claims.reading.page import Page
from studykit.vault.later import later

_WORDS = ("权重", "模型大小", "模型体积", "eights", "odel size", "odel Size")
_HEADER = later(r"^(?:模型)?权重|模型大小|模型体积|[Ww]eights|[Mm]odel [Ss]ize")
_FORMAT = later(r"(?:FP|BF|INT|fp|bf|int|NF|nf)-?(?P<bits>32|16|8|4)(?!\d)|W(?P<weights>16|8|4)A\d+")
_MIXED = later(r"混合|mixed|稀疏|剪枝|prun|spars|激活|\+|Q-?LoRA|蒸馏", 0)
_WIDTHS = {"32": 4.0, "16": 2.0, "8": 1.0, "4": 0.5}
_LEAST = 3


class Size(NamedTuple):
    """The size of a row, in bytes and as written, and the bytes of a number."""

    line: int
    width: float
    size: float
    scale: float
    stated: str
    word: str


def check(page: Page) -> Report:
    """Every column of weights in a table whose rows are formats."""
    report = Report()
    for grid in markdown_grids(page, _WORDS):
        if _LEAST <= len(grid.rows) <= 12:
            for at, header in enumerate(grid.header):
                if at and _HEADER.search(header.strip("* ")):
                    _judge(page, _sizes(grid, at), report)
    return report


def _sizes(grid: Grid, at: int) -> list[Size]:
    found: list[Size] = []
    for row in grid.rows:
        formats = {each["bits"] or each["weights"] for each in _FORMAT.finditer(" ".join(row.cells[:at]))}
        amount = cell_amount(row.cells[at].strip("* ")) if at < len(row.cells) else None
        if len(formats) != 1 or _MIXED.search(row.cells[0]) or amount is None or dimension(amount) != "byte":
            continue
        value = plain_value(amount)
        if value >= 1e6:
            scale = value / amount.literal
            found.append(Size(row.line, _WIDTHS[formats.pop()], value, scale, row.cells[at], amount.word))
    return found


def _judge(page: Page, sizes: list[Size], report: Report) -> None:
    if len(sizes) < _LEAST or len({each.width for each in sizes}) < _LEAST:
        return
    parameters = median(each.size / each.width for each in sizes)
    wrong = [each for each in sizes if not 0.8 <= each.size / each.width / parameters <= 1.3]
    if len(wrong) > 1:
        return
    report.checked += len(sizes)
    for each in wrong:
        value = parameters * each.width / each.scale
        inputs: dict[str, object] = {"parameters": parameters, "weight_bytes": each.width}
        report.findings.append(by_width(page, each.line, each.stated, value, each.word, inputs))

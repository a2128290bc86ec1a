"""The size of a tensor whose shape is spelled out: `[32, 256, 12288] = 0.2GB`, `8×8×4 矩阵乘加（256 次乘加）`.

A shape takes one, two or four bytes a number; a size that is right for none of these is wrong, unless the shape is
followed by more factors.
"""

import re
from collections.abc import Iterator
from math import prod

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report
from studykit.claims.judging.agreement import EXACT, PLAIN, Agreement, agree
from studykit.claims.reading.grids import cell_amount, plain_value
from studykit.claims.reading.labelled import dimension
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST
from studykit.vault.later import later

CALCULATOR = "tensor"
_SHAPE = later(
    r"[\[(](?P<sizes>\d{1,7}(?: ?[,×x*] ?\d{1,7}){1,4})[\])]\s*(?:,? ?(?:FP|BF|fp|bf|float)(?:32|16|8)[^=≈:\d]{0,8})?"
    r"\s*(?:=|≈|→|：|:|约为?|占用?|需要?)\s*(?P<about>约|~|≈)?\s*"
    r"(?P<amount>\d[\d,.]*\d?\s?(?:[KMGT]i?B|bytes|字节|[KMB]|万|亿)?)(?:个)?\s*"
    r"(?P<what>元素|elements|参数|params|parameters)?(?P<rest>.?)"
)
_SHAPED = later(
    r"[\])](?<=\d.)[^\n]{0,18}?[=≈→：:约占需][^\d\n]{0,4}\d ?(?:[KMGT]i?B|[bB]yte|字节|[KMB]\b|[万亿元参个ep.\d])"
)
_COUNTED = later(
    r"(?<![\d.\-–~×x*/+=,])(?P<sizes>\d{1,5}(?: ?[×x*] ?\d{1,5}){1,2})\s*(?:的)?"
    r"(?P<what>[^\d()（）=≈，,。;；|\n×]{0,14})[(（]\s*(?:共|即|=|总共)?\s*(?P<number>\d{2,9})\s*(?:个|次)?\s*"
    r"(?P<unit>线程|threads|乘加|FMAs?|MACs?|元素|elements|像素|pixels)[^\d]{0,6}[)）]"
)
_PAREN = later(r"[(（][共即=总 ]{0,3}\d{2,9} ?[个次]?(?:线程|threads|乘加|FMA|MAC|元素|elements|像素|pixels)")
_COUNTS = ("线程", "threads", "乘加", "FMA", "MAC", "元素", "elements", "像素", "pixels")
_SPREAD = later(r"GPU|卡|rank|每|per|/|分片|shard")
_FORMAT = later(r"(?:FP|BF|INT|fp|bf|int|float|bfloat)(32|16|8|64)(?!\d)")
_WIDTHS = {"64": (8,), "32": (4,), "16": (2,), "8": (1,)}
_ANY_WIDTH = (1, 2, 4)


def check(page: Page) -> Report:
    """Every shape of the note with its size beside it."""
    report = Report()
    counted = ((_PAREN, _counts),) if page.has(*_COUNTS) else ()
    for pattern, judge in ((_SHAPED, _shapes), *counted):
        for line in page.lines_with(pattern):
            if len(page.lines[line]) > LONGEST or page.quiet(line):
                continue
            report.take(judge(page, line, page.plain(line)))
    return report


def _shapes(page: Page, line: int, plain: str) -> Iterator[Finding | None]:
    for found in _SHAPE.finditer(plain):
        amount = cell_amount(found["amount"])
        if amount is None or found["rest"] in tuple("×*/+-^.,") or _SPREAD.search(found["rest"]):
            continue
        count = prod(int(size) for size in re.findall(r"\d+", found["sizes"]))
        kind = dimension(amount)
        if kind == "byte" and amount.literal:
            yield _sized(page, line, found, count, plain_value(amount) / amount.literal, amount.literal)
        elif found["what"] and kind in ("number", found["what"]) and amount.literal:
            scale = plain_value(amount) / amount.literal
            rights = (count / scale, count / {1e3: 1024.0, 1e6: 1024.0**2}.get(scale, scale))
            near = any(agree(each, amount.literal, amount.step, PLAIN) is not Agreement.WRONG for each in rights)
            yield None if near else _finding(page, line, found["amount"].strip(), rights[0], amount.word)


def _sized(page: Page, line: int, found: re.Match[str], count: int, scale: float, stated: float) -> Finding | None:
    named = set(_FORMAT.findall(found.string))
    widths = _WIDTHS[named.pop()] if len(named) == 1 else _ANY_WIDTH
    binary = {1e3: 1024.0, 1e6: 1024.0**2, 1e9: 1024.0**3, 1e12: 1024.0**4}.get(scale, scale)
    if any(abs(count * width / each / stated - 1) < 0.1 for width in widths for each in (scale, binary)):
        return None
    unit = re.sub(r"[\d.,\s]", "", found["amount"])
    return _finding(page, line, found["amount"].strip(), count * widths[len(widths) // 2] / scale, unit)


def _counts(page: Page, line: int, plain: str) -> Iterator[Finding | None]:
    """Judges `16×16 的线程块（256 个线程）`; twice as many operations as multiply-adds may be meant."""
    for found in _COUNTED.finditer(plain):
        if _SPREAD.search(found["what"]):
            continue
        made, stated = prod(int(size) for size in re.findall(r"\d+", found["sizes"])), float(found["number"])
        right = agree(made, stated, 1.0, EXACT) is Agreement.RIGHT or stated == 2 * made
        yield None if right else _finding(page, line, found["number"], float(made), found["unit"])


def _finding(page: Page, line: int, stated: str, value: float, unit: str) -> Finding:
    shown = f"{rounded(value, 4)} {unit}".rstrip()
    return page.wrong(line, stated, value, CALCULATOR, shown)

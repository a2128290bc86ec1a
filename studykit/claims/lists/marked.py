"""Results that carry their change: `吞吐量: 165 tokens/s (+13.8%)`, `总时间：30ms（节省25%）`, below the one changed.

The base has the same label some lines above, or is the first of the list: `FP32模型: 244 MB`, then
`INT8模型: 62 MB（缩小75%）`. A base carries no change itself; without one nothing is judged.
"""

import re
from collections.abc import Iterator

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report, Severity
from studykit.claims.lists.outcomes import CALCULATOR, fits
from studykit.claims.reading.labelled import Labelled, above, labelled
from studykit.claims.reading.page import Page
from studykit.claims.wording import CLAIM
from studykit.locale import _
from studykit.vault.later import later

_CHANGE = (
    r"(?P<sign>[↓↑+−-]|减少了?|降低了?|下降了?|节省了?|缩小了?|缩短了?|提升了?|提高了?|增加了?|加速|提速|快了?|慢了?)"
    r"\s*(?P<about>约|~|≈)?\s*(?P<figure>\d+(?:\.\d+)?) ?(?P<unit>%|×|倍|x\b)"
)
_MARKED = later(rf"[（(✓✅]\s*{_CHANGE}(?!\s*[-–~]\s*\d)")
_REMARK = later(r"[（(][^）)]*[）)]")
_VERSUS = later(r"相比|相对|比|vs|than|from|over|compared|基线|baseline")
_BASE = later(
    r"原始|优化前|之前|基线|传统|标准|串行|密集|不用|未|朴素|无|旧|单卡|FP32|FP16|BF16|[Bb]aseline|[Bb]efore|[Nn]aive"
    r"|[Ww]ithout|[Oo]riginal|[Dd]ense|[Ss]tandard|[Ss]erial"
)
_FARTHEST, _MOST = 40, 6
_NEAR = 6


def check(page: Page) -> Report:
    """Every result of the note with its change beside it and its base above it."""
    report = Report()
    for line in page.numbered:
        source = page.lines[line]
        found = _MARKED.search(source) if "%" in source or "倍" in source or "x" in source or "×" in source else None
        if not found or "|" in source or page.quiet(line) or _VERSUS.search(source, found.end()):
            continue
        result = labelled(page, line)
        if result and result.value and not _VERSUS.search(result.label):
            bases = list(_same(page, result)) or list(_first(page, result))
            if bases:
                right = _agrees(bases, result, found)
                report.take([None if right else _finding(page, bases[0], result, found)])
    return report


def _label(text: str) -> str:
    return _REMARK.sub("", text).strip(" *`-:：")


def _same(page: Page, result: Labelled) -> Iterator[Labelled]:
    """The results above with the same label and no change of their own, if there are any; then those with one, too."""
    name = _label(result.label)
    plain: list[Labelled] = []
    marked: list[Labelled] = []
    for number in range(result.line - 1, max(-1, result.line - _FARTHEST), -1):
        if len(plain) + len(marked) == _MOST:
            break
        each = labelled(page, number) if name and name in page.lines[number] else None
        if each and each.dimension == result.dimension and _label(each.label) == name and each.value:
            (marked if _MARKED.search(page.lines[number]) else plain).append(each)
    if plain:
        yield from (*plain, *marked)


def _first(page: Page, result: Labelled) -> Iterator[Labelled]:
    """The base of the list that the line stands in: its first line, which must be called so."""
    found: list[Labelled] = []
    for number in above(page, result.line, _NEAR):
        each = labelled(page, number)
        if each is None or each.dimension != result.dimension or not each.value:
            break
        found.append(each)
    if found and _BASE.search(found[-1].label) and not _MARKED.search(page.lines[found[-1].line]):
        yield from found


def _agrees(bases: list[Labelled], result: Labelled, found: re.Match[str]) -> bool:
    about = bool(found["about"]) or result.about or any(each.about for each in bases)
    for each in bases:
        one, other = each.value, result.value
        # What the digits do not show may be all of a small change.
        pairs = [(one + i * each.step / 2, other + j * result.step / 2) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        if one == other or fits(pairs, found["figure"], found["unit"], about):
            return True
    return False


def _finding(page: Page, base: Labelled, result: Labelled, found: re.Match[str]) -> Finding:
    low, high = sorted((base.value, result.value))
    value = high / low
    if found["unit"] == "%":
        value = abs(result.value / base.value - 1) * 100
    shown = f"{rounded(value, 3)}{found['unit']}"
    message = _("{claim}: against {base} of line {line} it is {value}").format(
        claim=CLAIM, base=base.number, line=page.file_line(base.line), value=shown
    )
    stated = f"{found['figure']}{found['unit']}"
    return page.finding(
        result.line, found["figure"], Severity.WRONG, value, CALCULATOR, message, suggestion=shown, stated=stated
    )

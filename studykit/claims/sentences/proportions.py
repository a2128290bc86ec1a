"""Two amounts of one kind and a figure for them: `80GB 中 KV Cache 占 32GB（40%）`, `600 GB/s 比 25 GB/s 快 24 倍`.

Also the figure first (`显存减少 75%，从 40GB 变为 10GB`), or between (`14GB 压缩 4 倍后为 3.5GB`), and two shares
that make up a whole (`命中率 85%，未命中率 15%`). Only what fits in none of the ways in which people count is wrong,
and only where nothing else stands in the sentence.
"""

import re
from collections.abc import Iterator, Sequence

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report
from studykit.claims.reading.hedges import LIMIT
from studykit.claims.reading.page import Page
from studykit.claims.reading.quantities import LONGEST, Quantity, sentences
from studykit.claims.sentences.changes import MEASURED_BY, PLAIN_WORDS
from studykit.locale import in_percent
from studykit.vault.later import later

CALCULATOR = "proportion"
_MENTIONS = (
    later(r"倍(?<=[\d ]倍)"),
    later(r"x(?<=\dx)(?![\dA-Za-z])"),
)
_SHARE = later(r"占|利用率|MFU|MBU|比例|其中|只有|只跑到|达到峰值|\bof\b|\bout of\b|峰值|利用|效率")
_TIMES = later(r"快|慢|差|高|低|提速|加速|压缩|缩小|提升|提高|减少|降低|节省|大|小|是|faster|slower|smaller|speed")
_CHANGED = later(
    r"降低|下降|减少|节省|缩短|省|提升|提高|增加|改善|(?<![A-Za-z-])reduc|\bsav|improv|increas|less|faster",
    re.IGNORECASE,
)
_LESS = later(r"降低|下降|减少|节省|缩短|省|压缩|缩小|reduc|sav|less", re.IGNORECASE)
_WASTE = later(r"浪费|空闲|未|余|wast|idle")
_BECOMES = later(r"→|->|变为|变成|降到|降至|减到|减至|只需|到|为|becomes|\bto\b")
_UNSURE = later(
    rf"{LIMIT}|[+~]|至少|左右|几|约|近|大概|about|nearly|over|under|at (?:least|most)|up to"
    r"|每|per |分别|各|目标|预期|加权|平均|相当于|额外|再|剩|其余|如果|假设|累计|总体|端到端|但|而|不同|batch|并发"
)
_COUNT = r"(?P<{0}>\d[\d,]*(?:\.\d+)?) ?(?P<unit_{0}>[A-Za-z\u4e00-\u9fff]{{0,8}})"
_FRACTION = later(
    r"(?<![\d.\-–~+<>≤≥] )(?<![\d.\-–~+<>≤≥])(?P<figure>\d+(?:\.\d+)?) ?% ?\( ?"
    + _COUNT.format("a") + " ?/ ?" + _COUNT.format("b") + r" ?\)"
)  # fmt: skip
_OPEN = later(r"% ?[(（] ?\d[^\n]*/")
_WHOLE = (
    later(
        r"(?:命中率|利用率|稀疏度|剪枝|剪掉|去掉|有效|接受率)[^，,]{0,10}[，,]?[^，,]{0,8}"
        r"(?:未命中|剩余|剩下|保留|浪费|空闲|拒绝)"
    ),
    later(r"(?:计算|compute)[^，,]{0,6}占[^，,]{0,8}[，,] ?(?:其余)?(?:通信|communication)[^，,]{0,4}占"),
)
_UNIT = r"\d ?(?:[KMGTP]i?B|[KMGTP]FLOP|[mu\u03bcs毫微秒亿BM]|tok|samp|im|req|[QT]PS)"
_PAIR = later(rf"{_UNIT}[^\n]*{_UNIT}")
_PERCENTS = later(r"%[^\n%]*[余下留未费闲绝通][^\n%]*%|%[^\n%]*communication[^\n%]*%")
_MEASURES = {"time": "second", "bytes": "byte", "speed": "", "flops": "", "rate": "", "parameter": ""}
"""The kinds that are compared, with the name that changes have for them."""
_NEAR, _TENTH = 0.06, 0.1


def check(page: Page) -> Report:
    """Every sentence of two amounts and a figure, and of two shares."""
    report = Report()
    lines = {line for mention in _MENTIONS for line in page.lines_with(mention)}
    lines.update(page.percentages)
    for line in page.lines_with(_OPEN):
        report.take(_fractions(page, line))
    for line in sorted(lines):
        if not _PAIR.search(page.lines[line]) and not _PERCENTS.search(page.lines[line]):
            continue
        for text, found in sentences(page, line):
            if len(found) == 4:
                report.take(_scaling(page, line, text, found))
            elif len(found) == 3:
                report.take(_of_two(page, line, text, found))
            elif len(found) == 2 and found[0].kind == found[1].kind == "percent":
                report.take(_whole(page, line, text, found))
    return report


def _fractions(page: Page, line: int) -> Iterator[Finding | None]:
    """Judges `利用率 25%（512/2048）`: the two of one unit are the share, its rest, or a growth."""
    if len(page.lines[line]) > LONGEST or page.quiet(line):
        return
    for found in _FRACTION.finditer(page.plain(line)):
        a, b = (float(found[name].replace(",", "")) for name in "ab")
        if not a or not b or (found["unit_a"] and found["unit_a"] != found["unit_b"]):
            continue
        stated = float(found["figure"])
        step = 10.0 ** -len(found["figure"].partition(".")[2])
        rights = (a / b * 100, abs(1 - a / b) * 100, abs(b / a - 1) * 100, b / a * 100)
        if any(abs(stated - right) <= max(step, 1.0, _NEAR * right) for right in rights):
            yield None
        else:
            shown = in_percent(rounded(rights[0], 3))
            yield page.wrong(line, found["figure"], rights[0], CALCULATOR, shown)


def _scaling(page: Page, line: int, text: str, found: Sequence[Quantity]) -> Iterator[Finding | None]:
    """Judges `单卡 100 samples/s，8 卡 720 samples/s，扩展效率 90%`."""
    one, number, all_of_them, figure = found
    kinds = (one.kind, number.kind, all_of_them.kind) == ("rate", "gpu", "rate")
    if not kinds or "单卡" not in text[: one.start] or _UNSURE.search(text) or not one.value or not number.value:
        return
    times = all_of_them.value / one.value
    if figure.kind == "factor" and "加速" in text[all_of_them.end :]:
        yield _judged(page, line, figure, (times,))
    elif figure.kind == "percent" and "效率" in text[all_of_them.end :]:
        yield _judged(page, line, figure, (times / number.value * 100,))


def _of_two(page: Page, line: int, text: str, found: Sequence[Quantity]) -> Iterator[Finding | None]:
    figures = [each for each in found if each.kind in ("percent", "factor")]
    if len(figures) != 1 or _UNSURE.search(text):
        return
    figure = figures[0]
    one, other = (each for each in found if each is not figure)
    if (
        one.kind != other.kind
        or one.kind not in _MEASURES
        or not one.value
        or not other.value
        or one.value == other.value
    ):
        return
    at = found.index(figure)
    if at == 2:
        yield from _behind(page, line, text, one, other, figure)
    else:
        yield from _result(page, line, text, found, at)


def _behind(
    page: Page, line: int, text: str, one: Quantity, other: Quantity, figure: Quantity
) -> Iterator[Finding | None]:
    """The figure last: what share or how many times it is."""
    low, high = sorted((one.value, other.value))
    link = text[one.end : figure.start]
    if figure.kind == "factor":
        if _TIMES.search(link) and not _of_another(text, one, other, figure):
            yield _judged(page, line, figure, (high / low, high / low - 1))
    elif _SHARE.search(text) or _CHANGED.search(link):
        share = low / high * 100
        if _CHANGED.search(link):
            if _of_another(text, one, other, figure):
                return
            rights = [100 - share, (high / low - 1) * 100]
        elif "重叠" in text:
            return
        else:
            rights = [share, *([100 - share] if _WASTE.search(text) else []), low / (low + high) * 100,
                      high / (low + high) * 100]  # fmt: skip
        yield _judged(page, line, figure, rights)


def _of_another(text: str, one: Quantity, other: Quantity, figure: Quantity) -> bool:
    """`显存从 80GB 降到 20GB，成本降低 60%`: the figure has a subject that the amounts do not share."""
    subject = PLAIN_WORDS.sub(
        "", re.sub(r"[，,；;（()、#]|相差|倍|缩短|[下后差大小高低]", "", text[other.end : figure.start])
    )
    kind = _MEASURES[one.kind]
    if kind and MEASURED_BY[kind].fullmatch(subject):
        return False
    return len(subject) >= 2 and subject not in text[: other.start]


def _result(page: Page, line: int, text: str, found: Sequence[Quantity], at: int) -> Iterator[Finding | None]:
    """The figure before the result, which must be so much of the first amount."""
    figure = found[at]
    old, new = (each for each in found if each is not figure)
    before = text[max(0, figure.start - 10) : figure.start]
    if not _CHANGED.search(before) and "压缩" not in before and "缩小" not in before:
        return
    if not _BECOMES.search(text[max(old.end, figure.end if at else 0) : new.start]):
        return
    if at == 1 and "%" in text[figure.start : figure.end] and "后" not in text[figure.end : new.start]:
        return
    if "(" in text[figure.end : max(old.start, figure.end)]:
        return
    less = _LESS.search(before) is not None
    if figure.kind == "percent":
        rights = [old.value * (1 + (-figure.value if less else figure.value) / 100)]
    else:
        rights = [old.value / figure.value] if less else [old.value * figure.value, old.value * (1 + figure.value)]
    yield _judged(page, line, new, rights)


def _whole(page: Page, line: int, text: str, found: Sequence[Quantity]) -> Iterator[Finding | None]:
    if _UNSURE.search(text.replace("剩", "")) or not any(pattern.search(text) for pattern in _WHOLE):
        return
    yield _judged(page, line, found[1], (100 - found[0].value,), slack=1.5)


def _judged(page: Page, line: int, figure: Quantity, rights: Sequence[float], *, slack: float = 0.0) -> Finding | None:
    """None if the figure is one of what may be meant; points of a percentage may be rounded to whole ones."""
    near = _TENTH if figure.kind == "factor" else _NEAR
    for right in rights:
        # A factor that comes to a whole number is rounded to no other.
        whole = figure.kind == "factor" and right == round(right)
        reach = max(figure.step / 2 if whole else figure.step, 1.0 if figure.kind == "percent" else 0.0, slack)
        if abs(figure.value - right) <= max(reach, near * abs(right)) * (1 + 1e-9):
            return None
    scale = figure.step / 10.0 ** -len(figure.text.partition(".")[2])
    value = rights[0] / scale
    shown = f"{rounded(value, 3)} {figure.unit}".rstrip()
    return page.wrong(line, figure.text, value, CALCULATOR, shown)

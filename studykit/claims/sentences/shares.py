"""Shares of a whole: the time of communication beside that of computation, scaling efficiency, the mean of a list.

`通信时间: 2.7 ms`, `计算时间: 20 ms`, `通信占比: 12%`; `8 卡加速 6.4 倍，效率 80%`; `[100, 500, 800, 1500] 平均 725`;
`减少 75%（仅用 25%）`.
"""

import re
from collections.abc import Iterator
from statistics import median

from studykit.calculators.figures import rounded
from studykit.claims.finding import Finding, Report
from studykit.claims.judging.agreement import Agreement, Tolerance, agree
from studykit.claims.reading.labelled import Labelled, above, labelled
from studykit.claims.reading.page import Page
from studykit.claims.reading.tokens import LONGEST, plainly
from studykit.vault.later import later

CALCULATOR = "share"
_SHARE = later(
    r"^(?:通信|通讯|[Cc]ommunication|[Cc]omm)\s*(?:时间)?\s*(?:占比|比例|开销|开销占比|share|fraction|ratio|overhead)$"
)
_PART = later(
    r"^[^，,。]{0,10}(?:通信|通讯|[Cc]ommunication|[Cc]omm|[Aa]ll-?[Rr]educe|[Aa]ll-?[Tt]o-?[Aa]ll|[Aa]ll-?"
    r"[Gg]ather)[^，,。]{0,12}$"
)
_REST = later(r"^[^，,。]{0,8}(?:计算|[Cc]omput\w*)[^，,。]{0,10}$")
_WHOLE = later(r"总|[Tt]otal|step")
_EFFICIENCY = later(
    r"(?<![\d.\-–~])(?P<ways>\d{1,5}) ?(?:张|块|个|台)?(?:卡|GPUs?|节点|nodes?)[^\d。；;|\n]{0,16}?"
    r"(?:加速比?|[Ss]peed-?up)[^\d。；;|\n%]{0,10}?(?P<times>\d+(?:\.\d+)?) ?(?:倍|x|×)?[^\d。；;|\n]{0,14}?"
    r"(?:效率|efficiency)[^\d。；;|\n]{0,6}?(?P<figure>\d+(?:\.\d+)?) ?%"
)
_GROWTH = later(r"到|提高|提升|增加|下降|降低|improv|from|increas|→|->")
_LIST = later(r"[\[(（](?P<numbers>\d+(?:\.\d+)?(?:[,，、] ?\d+(?:\.\d+)?){2,15})[\])）]")
_MEAN = later(
    r"(?:平均(?:值|长度|负载|数)?|均值|[Mm]ean|[Aa]verage|avg)\s*(?:length|load)?\s*(?:[:：=≈]|为|是|约|is)?\s*"
    r"(?P<about>约|~|≈)?\s*(?P<figure>\d+(?:\.\d+)?)(?![\d.]*\s*(?:%|倍|x\b|[-~–]))"
)
_MEANS = tuple(later(word + r"\D{0,8}\d") for word in ("平均", "均值", "average ", "mean "))
_REST_OF_IT = later(
    r"(?:减少|降低|节省|节约|利用率|有效|[Rr]educ\w+|[Ss]av\w+|[Uu]tili[sz]ation)了?\s*(?:约|by|of|：|:|=|为)?"
    r"\s*(?P<one>\d+(?:\.\d+)?) ?%"
    r"\s*[（(，,]\s*(?P<word>仅用?了?|只用?了?|只需要?|仅需要?|只剩下?|剩余|剩下|保留|浪费了?|only|remaining|"
    r"leaving|wast\w+)\s*(?P<other>\d+(?:\.\d+)?) ?%"
)
_REST_MENTION = later(r"%[ )）]*[（(，,] *(?:仅|只|剩|保|浪|only|remain|leav|wast)")
_MOE = later("激活|ctiv|op-")
_ACTIVE = later(
    r"(?<![\d.\-–])(?P<whole>\d{1,5}(?:\.\d+)?) ?B(?![A-Za-z])[^\d\n。；;]{0,14}(?:激活|[Aa]ctiv)[^\d\n。；;]{0,10}"
    r"(?P<part>\d{1,4}(?:\.\d+)?) ?B(?![A-Za-z])[^\d\n。；;]{0,8}?(?P<figure>\d+(?:\.\d+)?) ?%"
)
_TOP = later(
    r"(?<![\d.\-–])(?P<whole>\d{1,4}) ?个?(?:routed |路由)?(?:专家|experts)[^\d\n。；;]{0,8}[Tt]op-?"
    r"(?P<part>\d{1,2})(?!\d)"
    r"(?P<word>[^\d\n。；;|]{0,18}?)(?P<figure>\d+(?:\.\d+)?) ?%"
)
_CHOSEN = later(
    r"(?<![\d.\-–])(?P<whole>\d{1,4}) ?个?(?:路由)?专家[^\d\n。；;（(]{0,6}"
    r"(?:激活|选择?) ?(?P<part>\d{1,2}) ?个(?:专家)?[，,] ?"
    r"(?P<word>(?:激活(?:比例|率)|稀疏度)[为是约:： ]{0,3})(?P<figure>\d+(?:\.\d+)?) ?%"
)
_FROM = later(r"(?:从|由|from) ?\d{1,5}[^\d，,。；;]{0,12}$")
_NEAR, _ABOUT = Tolerance(0.05), Tolerance(0.12)
_BACK = 8


def check(page: Page) -> Report:
    """Every share of the note whose parts stand nearby."""
    report = Report()
    if page.has("占比", "ommunication"):
        for line in page.numbered:
            if "%" in page.lines[line] and ("通" in page.lines[line] or "omm" in page.lines[line]):
                report.take(_communication(page, line))
    if (page.has("效率") and page.has("加速")) or (page.has("efficiency") and page.has("speedup", "speed-up")):
        for line in page.percentages:
            if "效率" in page.lines[line] or "efficiency" in page.lines[line]:
                report.take(_efficiencies(page, line))
    if page.has("激活", "ctiv", "op-"):
        for line in page.percentages:
            if _MOE.search(page.lines[line]) and not page.quiet(line):
                report.take(_activated(page, line))
    for line in page.lines_with(_REST_MENTION):
        report.take(_complements(page, line))
    for pattern in _MEANS:
        for line in page.lines_with(pattern):
            report.take(_mean(page, line))
    return report


def _communication(page: Page, line: int) -> Iterator[Finding | None]:
    stated = labelled(page, line)
    if not stated or stated.dimension != "percent" or not _SHARE.match(stated.label):
        return
    parts: list[Labelled] = []
    for number in above(page, line, _BACK):
        if page.lines[number].strip() and (each := labelled(page, number)):
            if each.dimension == "percent":
                break
            parts += [each] if each.dimension == "second" and each.value else []
    part = [each for each in parts if _PART.match(each.label)]
    rest = [each for each in parts if _REST.match(each.label)]
    if len(part) != 1 or len(rest) != 1 or any(_WHOLE.search(each.label) for each in parts):
        return
    a, b = part[0].value, rest[0].value
    allowed = _ABOUT if stated.about or part[0].about or rest[0].about else _NEAR
    rights = (a / (a + b) * 100, a / b * 100, a / max(a, b) * 100)
    literal, step = stated.amount.literal, stated.amount.step
    right = any(agree(each, literal, step, allowed) is not Agreement.WRONG for each in rights)
    yield None if right else _finding(page, line, stated.number, rights[0], "%")


def _efficiencies(page: Page, line: int) -> Iterator[Finding | None]:
    if len(page.lines[line]) > LONGEST:
        return
    for found in _EFFICIENCY.finditer(plainly(page.lines[line])):
        if _FROM.search(found.string, max(0, found.start() - 24), found.start()):
            continue
        ways, times, stated = int(found["ways"]), float(found["times"]), float(found["figure"])
        if ways < 2 or not 1 <= times <= ways * 1.2 or _GROWTH.search(found[0]):
            continue
        exact = times / ways * 100
        right = agree(exact, stated, 1.0, _NEAR) is not Agreement.WRONG
        yield None if right else _finding(page, line, found["figure"], exact, "%")


def _activated(page: Page, line: int) -> Iterator[Finding | None]:
    """Judges `总参数 671B，激活 37B（5.5%）` and `64 个专家 Top-2：3.125%`; what is saved is the rest."""
    plain = page.plain(line)[:LONGEST]
    for pattern in (_ACTIVE, _TOP, _CHOSEN):
        for found in pattern.finditer(plain):
            whole, part, figure = float(found["whole"]), float(found["part"]), found["figure"]
            if not 0 < part < whole:
                continue
            share = part / whole * 100
            step = 10.0 ** -len(figure.partition(".")[2])
            right = any(agree(each, float(figure), step, _NEAR) is not Agreement.WRONG for each in (share, 100 - share))
            yield None if right else _finding(page, line, figure, share, "%")


def _complements(page: Page, line: int) -> Iterator[Finding | None]:
    """Judges `减少：75%（仅用了 25%）`: what is saved and what remains are the whole."""
    for found in _REST_OF_IT.finditer(page.plain(line)[: 2 * LONGEST]):
        one, other = float(found["one"]), float(found["other"])
        right = abs(one + other - 100) < 1.5
        yield None if right else _finding(page, line, found["other"], 100 - one, "%")


def _mean(page: Page, line: int) -> Iterator[Finding | None]:
    """The mean of the one list on the line, or in the lines right above it."""
    plain = page.lines[line][:LONGEST]
    stated = _MEAN.search(plain)
    lists = list(_LIST.finditer(plain))
    for number in above(page, line, 5) if not lists else ():
        lists = list(_LIST.finditer(page.lines[number][:LONGEST]))
        if lists or not page.lines[number].strip():
            break
    if not stated or len(lists) != 1:
        return
    numbers = [float(each) for each in re.split(r"[,，、] ?", lists[0]["numbers"])]
    value, figure = sum(numbers) / len(numbers), stated["figure"]
    step = 10.0 ** -len(figure.partition(".")[2])
    rights = (value, median(numbers), sum(numbers))
    right = any(agree(each, float(figure), step, _ABOUT if stated["about"] else _NEAR).value < 2 for each in rights)
    if right or min(numbers) <= float(figure) <= max(numbers):
        yield None if right else _finding(page, line, figure, value, "")


def _finding(page: Page, line: int, stated: str, value: float, unit: str) -> Finding:
    shown = f"{rounded(value, 3)}{unit}"
    return page.wrong(line, stated, value, CALCULATOR, shown)
